/**
 * Filling the new columns in the rows that were there before, and verifying every row.
 */
@NullMarked
package io.github.expandcontract.backfill;

import org.jspecify.annotations.NullMarked;
