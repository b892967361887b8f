package io.github.expandcontract.backfill;

import io.github.expandcontract.change.RowChange;

/**
 * What one change has in a pass over a stretch of the table.
 *
 * @param range the range that was claimed for it
 * @param filling the change
 */
record Share(Range range, Filling filling) {

	RowChange change() {
		return this.filling.change();
	}

}
