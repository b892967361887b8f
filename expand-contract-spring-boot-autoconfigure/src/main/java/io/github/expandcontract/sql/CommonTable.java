package io.github.expandcontract.sql;

import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * A common table expression by its columns, which are looked at only when asked for.
 */
final class CommonTable {

	private final Supplier<Columns> supplier;

	private @Nullable Columns columns;

	private boolean computing;

	CommonTable(Supplier<Columns> supplier) {
		this.supplier = supplier;
	}

	Columns columns() {
		if (this.columns == null) {
			if (this.computing) {
				return Columns.UNKNOWN;
			}
			this.computing = true;
			this.columns = this.supplier.get();
		}
		return this.columns;
	}

}
