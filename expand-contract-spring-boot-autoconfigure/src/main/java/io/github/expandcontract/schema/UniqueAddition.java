package io.github.expandcontract.schema;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.AddUnique;
import io.github.expandcontract.change.ConstraintTiming;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;

/**
 * A unique constraint: its index is built in BACKFILL, and CONTRACT makes a constraint of
 * it. PostgreSQL has no way from there back to the index alone, so the way back drops
 * both.
 */
final class UniqueAddition implements Addition {

	static final String WRITERS = "From the time that the index is built a statement that repeats a key fails with SQLSTATE "
			+ "23505, in every release.";

	private final AddUnique change;

	private final Ddl ddl;

	private volatile @Nullable Shape shape;

	UniqueAddition(AddUnique change, Ddl ddl) {
		this.change = change;
		this.ddl = ddl;
	}

	private String columns() {
		return (this.change.nullsNotDistinct() ? "NULLS NOT DISTINCT " : "") + "("
				+ this.change.columns().stream().map(Identifiers::quote).collect(Collectors.joining(", ")) + ")";
	}

	private String indexDefinition() {
		String columns = this.change.columns().stream().map(Identifiers::quote).collect(Collectors.joining(", "));
		return "(" + columns + ")" + (this.change.nullsNotDistinct() ? " NULLS NOT DISTINCT" : "");
	}

	private Shape shape() {
		Shape known = this.shape;
		if (known == null) {
			IndexShape index = IndexShape.of(this.ddl, this.change, true, indexDefinition());
			known = new Shape(index, Trial.of(this.ddl, this.change, "Correct the declaration.", (jdbc, clone) -> {
				jdbc.execute("ALTER TABLE " + clone + " ADD CONSTRAINT trial_constraint UNIQUE " + columns()
						+ this.change.timing().sql());
				return Trial.text(jdbc, "SELECT pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint "
						+ "WHERE conname = 'trial_constraint' AND connamespace = pg_catalog.pg_my_temp_schema()");
			}));
			this.shape = known;
		}
		return known;
	}

	private IndexTree tree() {
		return new IndexTree(this.change, this.change.name(), true, indexDefinition(), shape().index().rest());
	}

	@Override
	public void check(JdbcOperations jdbc) {
		if (TableFacts.isPartitioned(jdbc, this.change.table())) {
			throw new UnsupportedChangeException(this.change,
					"PostgreSQL makes no constraint of an index on a partitioned table.",
					"Declare addIndex(…).unique() with the same columns, the partition key among them: it keeps rows "
							+ "apart just as well, and upserts can name its columns.");
		}
		Shape wanted = shape();
		ConstraintFacts.read(jdbc, this.change.table(), this.change.name())
			.ifPresentOrElse((found) -> found.require(this.change, wanted.constraint()), () -> {
				IndexTree tree = tree();
				if (tree.isTaken(jdbc, tree.quoted(this.change.name())) && !tree.isOurs(jdbc)) {
					throw new UnsupportedChangeException(this.change,
							"there is something named \"" + this.change.name() + "\" already: "
									+ TableFacts.describe(jdbc, tree.quoted(this.change.name())) + ".",
							"Choose another name for the constraint, or drop it if nobody needs it.");
				}
			});
	}

	@Override
	public Stage stage(JdbcOperations jdbc) {
		if (constraint(jdbc).isPresent()) {
			return Stage.COMPLETE;
		}
		return tree().isUsable(jdbc) ? Stage.ALL_ROWS : Stage.NEW_ROWS;
	}

	private Optional<ConstraintFacts> constraint(JdbcOperations jdbc) {
		return ConstraintFacts.read(jdbc, this.change.table(), this.change.name());
	}

	@Override
	public Stage shown(Stage reached) {
		return reached.reaches(Stage.NEW_ROWS) ? reached : Stage.NEW_ROWS;
	}

	@Override
	public boolean isOurs(JdbcOperations jdbc) {
		return constraint(jdbc).map((found) -> found.isOurs(this.change))
			.orElseGet(() -> !tree().isUsable(jdbc) || tree().isOurs(jdbc));
	}

	@Override
	public List<StepGroup> up(JdbcOperations jdbc, Stage stage) {
		return switch (stage) {
			case NOTHING, NEW_ROWS -> List.of();
			case ALL_ROWS -> tree().build(jdbc);
			case COMPLETE -> List.of(StepGroup.transaction(ConstraintSteps.lock(this.change.table()),
					Step.inTransaction("make a constraint of the index, without another look",
							LockLevel.ACCESS_EXCLUSIVE,
							"ALTER TABLE " + this.change.table().quoted() + " ADD CONSTRAINT "
									+ Identifiers.quote(this.change.name()) + " UNIQUE USING INDEX "
									+ Identifiers.quote(this.change.name()) + this.change.timing().sql()),
					ConstraintSteps.mark(this.change, this.change.name())));
		};
	}

	@Override
	public List<StepGroup> down(JdbcOperations jdbc, Stage from, Stage stage) {
		if (stage.reaches(Stage.ALL_ROWS)) {
			return List.of();
		}
		if (from == Stage.COMPLETE) {
			return List.of(ConstraintSteps.drop(this.change.table(), this.change.name()));
		}
		return tree().drop(jdbc, from == Stage.ALL_ROWS);
	}

	@Override
	public List<String> builds() {
		return tree().builds(this.ddl.jdbc());
	}

	@Override
	public List<TableName> locked() {
		return List.of(this.change.table());
	}

	@Override
	public Optional<BadRows> badRows(JdbcOperations jdbc) {
		return Optional.of(shape().index().duplicates(jdbc, this.change));
	}

	@Override
	public Phase gate() {
		return Phase.BACKFILL;
	}

	@Override
	public Phase returnsTo() {
		return Phase.BACKFILL;
	}

	@Override
	public List<String> notes(JdbcOperations jdbc) {
		return (this.change.timing() == ConstraintTiming.IMMEDIATE) ? List.of(WRITERS)
				: List.of(WRITERS,
						"Until contract each statement is checked by itself, whatever the constraint will allow "
								+ "until the end of the transaction.");
	}

	private record Shape(IndexShape index, String constraint) {

	}

}
