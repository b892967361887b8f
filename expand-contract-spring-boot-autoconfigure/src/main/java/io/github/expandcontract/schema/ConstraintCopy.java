package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.ShortName;

/**
 * A check, a foreign key or an exclusion that old has, and what it is over new.
 *
 * @param original the constraint on old
 * @param copy the copy's name while there are both
 * @param definition its definition over new
 * @param offending what is true of the rows that it would refuse, {@code null} where that
 * is not asked
 * @param problem why it cannot stand on new, {@code null} if it can
 */
record ConstraintCopy(OriginalConstraint original, String copy, String definition, @Nullable String offending,
		@Nullable String problem) {

	static ConstraintCopy of(OriginalConstraint original, ColumnChange change, String definition,
			@Nullable String offending, @Nullable String problem) {
		return new ConstraintCopy(original, ShortName.of("", original.name(), change.table().quoted(), original.name(),
				change.oldColumn(), change.newColumn()), definition, offending, problem);
	}

	boolean carried() {
		return this.problem == null;
	}

	/**
	 * What can be done while others write: everything but an exclusion, which the server
	 * takes no promise for.
	 */
	List<Step> prepareSteps(JdbcOperations jdbc, ColumnChange change) {
		if (!carried() || this.original.isExclusion()) {
			return List.of();
		}
		Optional<Boolean> validated = validated(jdbc, change);
		String table = "ALTER TABLE " + change.table().quoted() + " ";
		String name = Identifiers.quote(this.copy);
		List<Step> steps = new ArrayList<>();
		if (validated.isEmpty()) {
			boolean key = this.original.isForeignKey();
			LockLevel lock = key ? LockLevel.SHARE_ROW_EXCLUSIVE : LockLevel.ACCESS_EXCLUSIVE;
			steps.add(Step
				.inTransaction("put on new, for new rows, what is " + this.original.name() + " on old", lock,
						table + "ADD CONSTRAINT " + name + " " + this.definition
								+ (this.original.enforced() ? " NOT VALID" : ""))
				.locking(lock, key ? this.original.others(jdbc) : List.of()));
		}
		if (this.original.validated() && !validated.orElse(false)) {
			steps.add(Step.inTransaction("look at the rows that are there", LockLevel.SHARE_UPDATE_EXCLUSIVE,
					table + "VALIDATE CONSTRAINT " + name));
		}
		return steps;
	}

	/**
	 * How it takes the place of its original once that has gone.
	 */
	List<Step> contractSteps(ColumnChange change) {
		String table = "ALTER TABLE " + change.table().quoted() + " ";
		String name = Identifiers.quote(this.original.name());
		List<Step> steps = new ArrayList<>();
		if (this.original.isExclusion()) {
			steps.add(Step.inTransaction("exclude in new what old excluded, no longer than the lock timeout",
					LockLevel.ACCESS_EXCLUSIVE,
					"SELECT pg_catalog.set_config('statement_timeout', pg_catalog.current_setting('lock_timeout'), true)"));
			steps.add(Step.inTransaction("exclude in new what old excluded", LockLevel.ACCESS_EXCLUSIVE,
					table + "ADD CONSTRAINT " + name + " " + this.definition));
			steps.add(Step.inTransaction("let the rest take its time", LockLevel.NONE,
					"SET LOCAL statement_timeout = 0"));
		}
		else {
			steps.add(Step.inTransaction("give the copy its original's name", LockLevel.ACCESS_EXCLUSIVE,
					table + "RENAME CONSTRAINT " + Identifiers.quote(this.copy) + " TO " + name));
		}
		String comment = this.original.comment();
		if (comment != null) {
			steps.add(Step.inTransaction("comment on the constraint", LockLevel.NONE, "COMMENT ON CONSTRAINT " + name
					+ " ON " + change.table().quoted() + " IS " + Sql.literal(comment)));
		}
		return steps;
	}

	/**
	 * Takes back a copy that some row violates: it would go on refusing rows that are
	 * welcome.
	 */
	Optional<Step> takeBack(JdbcOperations jdbc, ColumnChange change) {
		return validated(jdbc, change).filter((validated) -> !validated && this.original.validated())
			.map((ignored) -> Step.inTransaction("drop the copy that some row violates", LockLevel.ACCESS_EXCLUSIVE,
					"ALTER TABLE " + change.table().quoted() + " DROP CONSTRAINT " + Identifiers.quote(this.copy)));
	}

	private Optional<Boolean> validated(JdbcOperations jdbc, ColumnChange change) {
		return jdbc.queryForList("""
				SELECT convalidated FROM pg_catalog.pg_constraint
				WHERE conrelid = pg_catalog.to_regclass(?) AND conname = ?
				""", Boolean.class, change.table().quoted(), this.copy).stream().findFirst();
	}

}
