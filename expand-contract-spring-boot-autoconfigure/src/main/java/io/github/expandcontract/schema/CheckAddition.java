package io.github.expandcontract.schema;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.AddCheck;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;

/**
 * A check: DUAL_WRITE holds new rows to it, BACKFILL looks at the others. A row that
 * violates it could not be updated at all from DUAL_WRITE on, so there must be none
 * before.
 */
final class CheckAddition implements Addition {

	private final AddCheck change;

	private final Ddl ddl;

	private volatile @Nullable Shape shape;

	CheckAddition(AddCheck change, Ddl ddl) {
		this.change = change;
		this.ddl = ddl;
	}

	private Shape shape() {
		Shape known = this.shape;
		if (known == null) {
			known = Trial.of(this.ddl, this.change, "Correct the condition, which names columns without their table.",
					(jdbc, clone) -> {
						jdbc.execute("ALTER TABLE " + clone + " ADD CONSTRAINT trial_constraint CHECK ("
								+ this.change.condition() + ")");
						return new Shape(read(jdbc, "pg_catalog.pg_get_constraintdef(oid)"),
								read(jdbc, "pg_catalog.pg_get_expr(conbin, conrelid)"));
					});
			this.shape = known;
		}
		return known;
	}

	private static String read(JdbcOperations jdbc, String expression) {
		return Trial.text(jdbc, "SELECT " + expression + " FROM pg_catalog.pg_constraint "
				+ "WHERE conname = 'trial_constraint' AND connamespace = pg_catalog.pg_my_temp_schema()");
	}

	private Optional<ConstraintFacts> constraint(JdbcOperations jdbc) {
		return ConstraintFacts.read(jdbc, this.change.table(), this.change.name());
	}

	@Override
	public void check(JdbcOperations jdbc) {
		String wanted = shape().definition();
		constraint(jdbc).ifPresent((found) -> found.require(this.change, wanted));
	}

	@Override
	public Stage stage(JdbcOperations jdbc) {
		return constraint(jdbc).map((found) -> found.validated() ? Stage.COMPLETE : Stage.NEW_ROWS)
			.orElse(Stage.NOTHING);
	}

	@Override
	public Stage shown(Stage reached) {
		return reached.reaches(Stage.ALL_ROWS) ? Stage.COMPLETE : reached;
	}

	@Override
	public boolean isOurs(JdbcOperations jdbc) {
		return constraint(jdbc).filter((found) -> found.isOurs(this.change)).isPresent();
	}

	@Override
	public List<StepGroup> up(JdbcOperations jdbc, Stage stage) {
		return switch (stage) {
			case NOTHING, COMPLETE -> List.of();
			case NEW_ROWS -> List.of(StepGroup.transaction(ConstraintSteps.lock(this.change.table()),
					Step.inTransaction("hold new rows to the check", LockLevel.ACCESS_EXCLUSIVE,
							"ALTER TABLE " + this.change.table().quoted() + " ADD CONSTRAINT "
									+ Identifiers.quote(this.change.name()) + " CHECK (" + this.change.condition()
									+ ") NOT VALID"),
					ConstraintSteps.mark(this.change, this.change.name())));
			case ALL_ROWS -> List.of(StepGroup.of(ConstraintSteps.validate(this.change.table(), this.change.name())));
		};
	}

	@Override
	public List<StepGroup> down(JdbcOperations jdbc, Stage from, Stage stage) {
		return (stage == Stage.NOTHING) ? List.of(ConstraintSteps.drop(this.change.table(), this.change.name()))
				: List.of();
	}

	@Override
	public List<TableName> locked() {
		return List.of(this.change.table());
	}

	@Override
	public Optional<BadRows> badRows(JdbcOperations jdbc) {
		String key = new Catalog(jdbc).table(this.change.table()).orElseThrow().rowKey("t");
		return Optional.of(new BadRows("rows that violate " + this.change.name(),
				"Change or delete them; it is looked again by itself.", "SELECT 'row ' || " + key + " FROM "
						+ this.change.table().quoted() + " t WHERE NOT (" + shape().expression() + ")"));
	}

	@Override
	public Phase gate() {
		return Phase.DUAL_WRITE;
	}

	@Override
	public Phase returnsTo() {
		return Phase.STOP_DUAL_WRITE;
	}

	@Override
	public List<String> notes(JdbcOperations jdbc) {
		return List.of("From dual-write on a statement that violates the check fails with SQLSTATE 23514, in every "
				+ "release.");
	}

	private record Shape(String definition, String expression) {

	}

}
