/**
 * The endpoint, the health indicator and the meters.
 */
@NullMarked
package io.github.expandcontract.actuate;

import org.jspecify.annotations.NullMarked;
