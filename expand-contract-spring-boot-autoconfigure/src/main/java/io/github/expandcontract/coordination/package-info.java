/**
 * Moves between phases: gates, steps, acknowledgements, held cutovers, and the start of
 * an instance.
 */
@NullMarked
package io.github.expandcontract.coordination;

import org.jspecify.annotations.NullMarked;
