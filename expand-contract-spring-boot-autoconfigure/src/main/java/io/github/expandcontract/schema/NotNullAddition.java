package io.github.expandcontract.schema;

import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.RequireNotNull;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.postgres.TableName;

/**
 * NOT NULL on a column that is there: DUAL_WRITE holds new rows to a check, BACKFILL
 * looks at the others, and CONTRACT makes NOT NULL of it, which believes the check. That
 * the change did so is kept in a table of ours, because NOT NULL has no place for a
 * comment before PostgreSQL 18. The way back has the check again first, so that no row is
 * written meanwhile that nothing holds.
 */
final class NotNullAddition implements Addition {

	private static final String MEMORY = OwnSchema.NAME + ".made_not_null";

	private final RequireNotNull change;

	NotNullAddition(RequireNotNull change) {
		this.change = change;
	}

	private String check() {
		return NotNull.check(this.change, this.change.column());
	}

	private Optional<ConstraintFacts> constraint(JdbcOperations jdbc) {
		return ConstraintFacts.read(jdbc, this.change.table(), check());
	}

	@Override
	public void check(JdbcOperations jdbc) {
		Table table = new Catalog(jdbc).table(this.change.table()).orElseThrow();
		if (table.column(this.change.column()).isEmpty()) {
			throw new UnknownColumnException(this.change,
					"the table " + this.change.table().quoted() + " has no column \"" + this.change.column()
							+ "\"; it has "
							+ String.join(", ",
									table.columns().stream().map(Column::name).map(Identifiers::quote).toList())
							+ ".",
					"Correct the column's name.");
		}
	}

	private boolean isNotNull(JdbcOperations jdbc) {
		return new Catalog(jdbc).table(this.change.table())
			.flatMap((table) -> table.column(this.change.column()))
			.filter(Column::notNull)
			.isPresent();
	}

	@Override
	public Stage stage(JdbcOperations jdbc) {
		if (isNotNull(jdbc)) {
			return Stage.COMPLETE;
		}
		return constraint(jdbc).map((found) -> found.validated() ? Stage.ALL_ROWS : Stage.NEW_ROWS)
			.orElse(Stage.NOTHING);
	}

	@Override
	public Stage shown(Stage reached) {
		return reached;
	}

	/**
	 * {@inheritDoc} Nobody else has a check of that name.
	 */
	@Override
	public boolean isOurs(JdbcOperations jdbc) {
		return isNotNull(jdbc) ? isRemembered(jdbc) : constraint(jdbc).isPresent();
	}

	private boolean isRemembered(JdbcOperations jdbc) {
		Boolean there = jdbc.queryForObject("SELECT pg_catalog.to_regclass(?) IS NOT NULL", Boolean.class, MEMORY);
		return Boolean.TRUE.equals(there) && Boolean.TRUE.equals(jdbc.queryForObject(
				"SELECT EXISTS (SELECT FROM " + MEMORY + " WHERE change_id = ?)", Boolean.class, this.change.id()));
	}

	@Override
	public List<StepGroup> up(JdbcOperations jdbc, Stage stage) {
		Step lock = ConstraintSteps.lock(this.change.table());
		return switch (stage) {
			case NOTHING -> List.of();
			case NEW_ROWS -> List.of(StepGroup.transaction(lock, NotNull.addCheck(this.change, this.change.column())));
			case ALL_ROWS -> List.of(StepGroup.of(NotNull.validate(this.change, this.change.column())));
			case COMPLETE -> List.of(StepGroup.transaction(lock,
					Step.inTransaction("create the table that keeps who forbade null", LockLevel.NONE,
							"CREATE TABLE IF NOT EXISTS " + MEMORY + " (change_id text PRIMARY KEY)"),
					Step.inTransaction("keep that it was this change", LockLevel.NONE,
							"INSERT INTO " + MEMORY + " VALUES (" + Sql.literal(this.change.id())
									+ ") ON CONFLICT DO NOTHING"),
					NotNull.set(this.change, this.change.column()),
					NotNull.dropCheck(this.change, this.change.column())));
		};
	}

	@Override
	public List<StepGroup> down(JdbcOperations jdbc, Stage from, Stage stage) {
		Step lock = ConstraintSteps.lock(this.change.table());
		if (from == Stage.COMPLETE) {
			return List.of(StepGroup.transaction(lock, NotNull.addCheck(this.change, this.change.column()),
					Step.inTransaction("let the column be null", LockLevel.ACCESS_EXCLUSIVE,
							"ALTER TABLE " + this.change.table().quoted() + " ALTER COLUMN "
									+ Identifiers.quote(this.change.column()) + " DROP NOT NULL"),
					Step.inTransaction("forget that it was this change", LockLevel.NONE,
							"DELETE FROM " + MEMORY + " WHERE change_id = " + Sql.literal(this.change.id()))));
		}
		return (stage == Stage.NOTHING)
				? List.of(StepGroup.transaction(lock, NotNull.dropCheck(this.change, this.change.column())))
				: List.of();
	}

	@Override
	public List<TableName> locked() {
		return List.of(this.change.table());
	}

	@Override
	public Optional<BadRows> badRows(JdbcOperations jdbc) {
		String key = new Catalog(jdbc).table(this.change.table()).orElseThrow().rowKey("t");
		return Optional.of(new BadRows("rows with NULL in " + this.change.column(),
				"Fill or delete them; it is looked again by itself.",
				"SELECT 'row ' || " + key + " FROM " + this.change.table().quoted() + " t WHERE t."
						+ Identifiers.quote(this.change.column()) + " IS NULL"));
	}

	@Override
	public Phase gate() {
		return Phase.DUAL_WRITE;
	}

	@Override
	public Phase returnsTo() {
		return Phase.BACKFILL;
	}

	@Override
	public List<String> notes(JdbcOperations jdbc) {
		return List.of("From dual-write on a statement that leaves \"" + this.change.column()
				+ "\" NULL fails in every release: with SQLSTATE 23514, from contract on with 23502.");
	}

}
