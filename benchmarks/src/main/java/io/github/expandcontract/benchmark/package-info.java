/**
 * What rewriting costs: by itself, in memory, and as a part of a call to the database.
 */
@NullMarked
package io.github.expandcontract.benchmark;

import org.jspecify.annotations.NullMarked;
