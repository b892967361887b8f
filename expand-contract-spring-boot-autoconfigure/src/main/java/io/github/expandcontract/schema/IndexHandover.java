package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.schema.FormerIndexes.FormerIndex;
import io.github.expandcontract.schema.IndexCopies.Copied;

/**
 * How the copies of indexes take the places of their originals in the transaction of
 * CONTRACT, once these have gone with old: by their names, as the constraints that they
 * stood for, and with all that the table knew of them. It touches the catalog alone.
 */
final class IndexHandover {

	private final JdbcOperations jdbc;

	private final ColumnChange change;

	private final boolean remembers;

	IndexHandover(JdbcOperations jdbc, ColumnChange change) {
		this.jdbc = jdbc;
		this.change = change;
		this.remembers = change.fold((rename) -> false, (type) -> true);
	}

	List<Step> steps(List<Copied> copies) {
		List<Step> steps = new ArrayList<>();
		if (this.remembers) {
			steps.add(FormerIndexes.forget(this.change));
		}
		int position = 0;
		for (Copied copied : copies) {
			if (copied.original().unique()) {
				unique(copied, steps);
			}
			else {
				plain(copied, steps, position++);
			}
			place(copied.original(), steps);
		}
		return steps;
	}

	private void plain(Copied copied, List<Step> steps, int position) {
		OriginalIndex original = copied.original();
		IndexCopy copy = copied.copy();
		String comment = IndexCopies.comment(this.jdbc, original.quoted());
		if (this.remembers) {
			steps.add(FormerIndexes.remember(this.change, position, new FormerIndex(original.table(), original.name(),
					original.partitioned(), original.rest(), original.parentName(), copy.name(), comment)));
		}
		handOver(original, copy, comment, steps);
	}

	private void unique(Copied copied, List<Step> steps) {
		OriginalIndex original = copied.original();
		IndexCopy twin = copied.copy().asUnique();
		steps.add(Step.inTransaction("drop the copy that was not unique", LockLevel.ACCESS_EXCLUSIVE,
				"DROP INDEX IF EXISTS " + copied.copy().quoted()));
		OriginalIndex.Constraint constraint = original.constraint();
		if (constraint == null) {
			handOver(original, twin, IndexCopies.comment(this.jdbc, original.quoted()), steps);
			return;
		}
		steps.addAll(
				IndexCopies.commentSteps(this.jdbc, twin.quoted(), IndexCopies.comment(this.jdbc, original.quoted())));
		steps.addAll(twin.statisticsSteps(this.jdbc));
		steps.add(Step.inTransaction("make the unique index the constraint that old had", LockLevel.ACCESS_EXCLUSIVE,
				"ALTER TABLE " + original.table().quoted() + " ADD CONSTRAINT " + Identifiers.quote(constraint.name())
						+ " UNIQUE USING INDEX " + Identifiers.quote(twin.name()) + constraint.timing()));
		String comment = constraint.comment();
		if (comment != null) {
			steps.add(Step.inTransaction("comment on the constraint", LockLevel.NONE,
					"COMMENT ON CONSTRAINT " + Identifiers.quote(constraint.name()) + " ON " + original.table().quoted()
							+ " IS " + Sql.literal(comment)));
		}
	}

	private void handOver(OriginalIndex original, IndexCopy copy, @Nullable String comment, List<Step> steps) {
		steps.addAll(IndexCopies.commentSteps(this.jdbc, copy.quoted(), comment));
		steps.addAll(copy.statisticsSteps(this.jdbc));
		steps.add(Step.inTransaction("give the copy its original's name", LockLevel.NONE,
				"ALTER INDEX " + copy.quoted() + " RENAME TO " + Identifiers.quote(original.name())));
	}

	private static void place(OriginalIndex original, List<Step> steps) {
		String table = "ALTER TABLE " + original.table().quoted() + " ";
		String name = Identifiers.quote(original.name());
		if (original.place().clustered()) {
			steps.add(Step.inTransaction("let CLUSTER sort by the index", LockLevel.SHARE_UPDATE_EXCLUSIVE,
					table + "CLUSTER ON " + name));
		}
		if (original.place().identity()) {
			steps.add(Step.inTransaction("let replication tell rows apart by the index", LockLevel.ACCESS_EXCLUSIVE,
					table + "REPLICA IDENTITY USING INDEX " + name));
		}
	}

}
