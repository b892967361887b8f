package io.github.expandcontract.schema;

import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.SqlStates;
import io.github.expandcontract.schema.IndexCopies.Copied;

/**
 * The unique indexes that new needs once it stands alone. Two of them beside each other
 * make racing upserts of one key fail in one of them, so
 * <ol>
 * <li>they are built at the last moment, when nothing else stands against CONTRACT;</li>
 * <li>that no two rows would be the same to them is known before;</li>
 * <li>they are dropped as soon as CONTRACT is not what comes next.</li>
 * </ol>
 */
final class UniqueCopies {

	private final Ddl ddl;

	private final IndexCopies copies;

	private final IndexBuilder builder;

	UniqueCopies(Ddl ddl, IndexCopies copies) {
		this.ddl = ddl;
		this.copies = copies;
		this.builder = new IndexBuilder(ddl);
	}

	List<Copied> of(ColumnChange change) {
		return this.copies.wanted(change).stream().filter((copied) -> copied.original().unique()).toList();
	}

	List<Step> plan(ColumnChange change) {
		return of(change).stream()
			.map((copied) -> copied.copy().asUnique())
			.filter((twin) -> !twin.isUsable(this.ddl.jdbc()))
			.map(IndexCopy::step)
			.toList();
	}

	/**
	 * Builds what is missing.
	 * @return whether anything was
	 * @throws UnsupportedChangeException if two rows are the same to one of them
	 */
	boolean build(ColumnChange change) {
		boolean built = false;
		for (Copied copied : of(change)) {
			IndexCopy twin = copied.copy().asUnique();
			if (!twin.isBuilt(this.ddl.jdbc())) {
				requireDistinct(change, copied, null);
				built |= build(change, copied, twin);
			}
		}
		return built;
	}

	private boolean build(ColumnChange change, Copied copied, IndexCopy twin) {
		try {
			return this.builder.build(twin);
		}
		catch (DataAccessException ex) {
			// What is left of it would refuse rows that are welcome
			this.builder.drop(twin);
			if (SqlStates.is(ex, SqlStates.UNIQUE_VIOLATION)) {
				requireDistinct(change, copied, ex);
			}
			throw ex;
		}
	}

	/**
	 * Drops what is there of them.
	 */
	void drop(ColumnChange change) {
		for (Copied copied : of(change)) {
			IndexCopy twin = copied.copy().asUnique();
			if (twin.nameIsTaken(this.ddl.jdbc())) {
				this.builder.drop(twin);
			}
		}
	}

	/**
	 * Looks for rows that would be the same to a unique index of new, also before there
	 * is a new column.
	 * @throws UnsupportedChangeException if there are any, with their keys
	 */
	void requireDistinct(ColumnChange change) {
		of(change).forEach((copied) -> requireDistinct(change, copied, null));
	}

	private void requireDistinct(ColumnChange change, Copied copied, @Nullable Throwable cause) {
		List<String> duplicates = new Offenders(this.ddl.jdbc(), change).duplicates(copied.description());
		if (!duplicates.isEmpty()) {
			throw new UnsupportedChangeException(change,
					"\"" + change.oldColumn() + "\" is unique (index \"" + copied.original().name() + "\"), but in \""
							+ change.newColumn() + "\" rows would hold the same: " + String.join("; ", duplicates)
							+ ".",
					"Mend those rows, or let up keep apart what is not the same.", cause);
		}
	}

}
