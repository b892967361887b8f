package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.OwnSchema;

/**
 * Old is added again, empty, and filled from new while everything reads new, which is so
 * in {@link Phase#STOP_DUAL_WRITE} and {@link Phase#SWITCH_READS}. Its type, default and
 * indexes are kept in tables of ours from the moment that it goes.
 */
final class FormerColumn implements WayBack {

	private static final String MEMORY = OwnSchema.NAME + ".former_column";

	private final ChangeType change;

	private final SyncMode sync;

	FormerColumn(ChangeType change, SyncMode sync) {
		this.change = change;
		this.sync = sync;
	}

	@Override
	public Phase phase() {
		return Phase.STOP_DUAL_WRITE;
	}

	@Override
	public List<Step> prepareSteps(JdbcOperations jdbc) {
		return hasMemory(jdbc) ? List.of()
				: List.of(FormerIndexes.install(),
						Step.inTransaction("create the table that keeps what old was like", LockLevel.NONE,
								"CREATE TABLE IF NOT EXISTS " + MEMORY
										+ " (change_id text PRIMARY KEY, type text NOT NULL, "
										+ "default_expression text, new_default_expression text)"));
	}

	@Override
	public List<Step> rememberSteps(JdbcOperations jdbc) {
		Column original = ColumnSteps.column(jdbc, this.change, this.change.oldColumn());
		String expression = original.defaultExpression();
		return List.of(Step.inTransaction("keep what old was like", LockLevel.NONE,
				"INSERT INTO " + MEMORY + " (change_id, type, default_expression, new_default_expression) SELECT "
						+ Sql.literal(this.change.id()) + ", " + Sql.literal(ColumnSteps.type(original)) + ", "
						+ ((expression != null) ? Sql.literal(expression) : "NULL")
						+ ", (SELECT pg_catalog.pg_get_expr(d.adbin, d.adrelid) FROM pg_catalog.pg_attrdef d "
						+ "JOIN pg_catalog.pg_attribute a ON a.attrelid = d.adrelid AND a.attnum = d.adnum "
						+ "WHERE d.adrelid = pg_catalog.to_regclass(" + Sql.literal(this.change.table().quoted())
						+ ") AND a.attname = " + Sql.literal(this.change.newColumn())
						+ ") ON CONFLICT (change_id) DO UPDATE SET type = EXCLUDED.type, "
						+ "default_expression = EXCLUDED.default_expression, "
						+ "new_default_expression = EXCLUDED.new_default_expression"));
	}

	@Override
	public List<Step> steps(JdbcOperations jdbc, ColumnChange ignored) {
		Column present = ColumnSteps.column(jdbc, this.change, this.change.name());
		requireBare(jdbc, present, "is now", "has now");
		Memory memory = memory(jdbc).orElse(null);
		String expression = present.defaultExpression();
		return steps(jdbc, this.change.name(), (memory != null) ? memory.type() : typeOfDown(jdbc),
				(expression != null) ? formerDefault(present, memory) : null, present.notNull(),
				FormerIndexes.renames(jdbc, this.change));
	}

	@Override
	public List<Step> foreseen(JdbcOperations jdbc, ColumnChange ignored, List<Step> indexNames) {
		Column original = ColumnSteps.column(jdbc, this.change, this.change.oldColumn());
		requireBare(jdbc, original, "will be, as it is now,", "will have, as it has now,");
		return steps(jdbc, this.change.oldColumn(), ColumnSteps.type(original), original.defaultExpression(),
				original.notNull() || Relaxation.isRelaxed(jdbc, this.change), indexNames);
	}

	private List<Step> steps(JdbcOperations jdbc, String present, String type, @Nullable String formerDefault,
			boolean required, List<Step> indexNames) {
		String table = "ALTER TABLE " + this.change.table().quoted() + " ";
		String oldColumn = Identifiers.quote(this.change.oldColumn());
		String newColumn = Identifiers.quote(this.change.newColumn());
		List<Step> steps = new ArrayList<>(KeptName.reopenSteps(this.change));
		steps.add(Step.inTransaction("add old again", LockLevel.ACCESS_EXCLUSIVE,
				table + "ADD COLUMN " + oldColumn + " " + type));
		steps.addAll(Attributes.carry(jdbc, this.change.table(), this.change.newColumn(), this.change.oldColumn(),
				present, type));
		if (formerDefault != null) {
			steps.add(Step.inTransaction("give old its default again", LockLevel.ACCESS_EXCLUSIVE,
					table + "ALTER COLUMN " + oldColumn + " SET DEFAULT " + formerDefault));
			steps.add(Step.inTransaction("leave the default to old", LockLevel.ACCESS_EXCLUSIVE,
					table + "ALTER COLUMN " + newColumn + " DROP DEFAULT"));
		}
		if (required && !this.sync.hasTrigger()) {
			steps.add(Step.inTransaction("let new be null while others write old alone", LockLevel.ACCESS_EXCLUSIVE,
					table + "ALTER COLUMN " + newColumn + " DROP NOT NULL"));
		}
		steps.addAll(indexNames);
		steps.add(Attributes.comment(this.change.table(), this.change.newColumn(),
				Marker.refilling(this.change, required)));
		return steps;
	}

	/*
	 * Where nobody has touched new's default since, old's is what it was, to the letter.
	 */
	private String formerDefault(Column present, @Nullable Memory memory) {
		String expression = Objects.requireNonNull(present.defaultExpression());
		if (memory != null && memory.defaultExpression() != null && expression.equals(memory.newDefaultExpression())) {
			return memory.defaultExpression();
		}
		return this.change.down("(CAST((" + expression + ") AS " + present.type() + "))");
	}

	private void requireBare(JdbcOperations jdbc, Column there, String is, String has) {
		String closed = "the way back from CONTRACT is closed, because \"" + this.change.name() + "\" ";
		if (there.defaultVolatile()) {
			throw new UnsupportedChangeException(this.change, closed + has + " a volatile default.",
					"Drop the default, or stay at CONTRACT.");
		}
		Unique.of(jdbc, this.change.table(), there.name()).ifPresent((definition) -> {
			throw new UnsupportedChangeException(this.change, closed + is + " unique, which \""
					+ this.change.oldColumn() + "\" would not be again: " + definition + ".",
					"Drop the constraint or index, or stay at CONTRACT.");
		});
	}

	private String typeOfDown(JdbcOperations jdbc) {
		return Objects.requireNonNull(jdbc.queryForObject("SELECT pg_catalog.format_type(pg_catalog.pg_typeof("
				+ this.change.down("(CAST(NULL AS " + this.change.type() + "))") + "), NULL)", String.class));
	}

	private Optional<Memory> memory(JdbcOperations jdbc) {
		if (!hasMemory(jdbc)) {
			return Optional.empty();
		}
		return jdbc
			.query("SELECT type, default_expression, new_default_expression FROM " + MEMORY + " WHERE change_id = ?",
					(row, number) -> new Memory(row.getString(1), row.getString(2), row.getString(3)), this.change.id())
			.stream()
			.findFirst();
	}

	private static boolean hasMemory(JdbcOperations jdbc) {
		return Boolean.TRUE
			.equals(jdbc.queryForObject("SELECT pg_catalog.to_regclass(?) IS NOT NULL", Boolean.class, MEMORY));
	}

	private record Memory(String type, @Nullable String defaultExpression, @Nullable String newDefaultExpression) {

	}

}
