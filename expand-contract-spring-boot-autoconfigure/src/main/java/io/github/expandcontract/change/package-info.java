/**
 * What changes: the kinds of change, and how they are found on entities and among beans.
 */
@NullMarked
package io.github.expandcontract.change;

import org.jspecify.annotations.NullMarked;
