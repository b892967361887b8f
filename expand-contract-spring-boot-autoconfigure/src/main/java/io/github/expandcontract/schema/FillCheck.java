package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.ShortName;
import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.postgres.TableName;

/**
 * Whether type, fill and default of a column can be used. The server is asked, on a table
 * that has nothing but the columns that fill names, under other names, so that a name
 * that was not taken for a column is found:
 * <ol>
 * <li>The column is added as it will be to the real table, and the table's file must stay
 * the same, because a rewrite would keep everybody out for its time.
 * <li>The default is set, and used unless it is volatile.
 * <li>Where fill names columns, a generated column takes it, which refuses what is not
 * immutable, a query, an aggregate and a set.
 * </ol>
 */
final class FillCheck {

	private static final String NEW = "expand_contract_new";

	private static final String SOURCE = "expand_contract_source_";

	private final AddColumn change;

	private final String table;

	private final String name;

	private final String fill;

	FillCheck(AddColumn change) {
		this.change = change;
		this.name = "try_" + ShortName.hash(change.table().quoted() + change.id());
		this.table = Scratch.SCHEMA + "." + Identifiers.quote(this.name);
		this.fill = "fill (" + change.fill().text() + ")";
	}

	/**
	 * Checks the change.
	 * @param ddl where it is tried
	 * @param live the table
	 * @param present the column if it is there already
	 * @throws UnsupportedChangeException if one of the three cannot be used
	 */
	void check(Ddl ddl, Table live, @Nullable Column present) {
		Scratch.use(ddl, "try the expressions of " + this.change.id(), (jdbc) -> {
			Map<String, String> sources = new LinkedHashMap<>();
			this.change.fill()
				.columns()
				.forEach((column) -> sources.computeIfAbsent(column, (any) -> SOURCE + (sources.size() + 1)));
			createTable(jdbc, live, sources);
			addColumn(jdbc, live);
			requireType(jdbc, present);
			setDefault(jdbc);
			if (!this.change.filledAtOnce()) {
				fill(jdbc, live, sources);
			}
			return this.change;
		});
	}

	private void createTable(JdbcOperations jdbc, Table live, Map<String, String> sources) {
		List<String> columns = new ArrayList<>(List.of("expand_contract_row int"));
		sources.forEach(
				(column, source) -> columns.add(source + " " + ColumnSteps.type(live.column(column).orElseThrow())));
		jdbc.execute("CREATE TABLE " + this.table + " (" + String.join(", ", columns) + ")");
	}

	private void addColumn(JdbcOperations jdbc, Table live) {
		String type = "the type " + this.change.type();
		attempt(jdbc, "SELECT CAST(NULL AS " + this.change.type() + ")", type, "Name a type that exists.");
		long before = file(jdbc);
		attempt(jdbc, "ALTER TABLE " + this.table + " ADD COLUMN " + NEW + " " + this.change.type(), type,
				"Name a type that a column can have.");
		requireSameFile(jdbc, before, type + " makes the server rewrite the table",
				"Take a plain type without a domain, " + "and add a check for what it has to hold afterwards.");
		if (this.change.filledAtOnce()) {
			jdbc.execute("ALTER TABLE " + this.table + " DROP COLUMN " + NEW);
			attempt(jdbc,
					"ALTER TABLE " + this.table + " ADD COLUMN " + NEW + " " + AddColumnSteps.filledAtOnce(this.change),
					this.fill, hint(live));
			requireSameFile(jdbc, before,
					this.fill + " is volatile, so that the server would rewrite the table to give "
							+ "each row a value of its own",
					"Take a constant or an expression over other columns for the rows that are there, and declare the "
							+ "volatile expression as the default.");
			attempt(jdbc, "INSERT INTO " + this.table + " DEFAULT VALUES", this.fill, hint(live));
		}
	}

	private String hint(Table live) {
		return "Correct it: a constant, with a text in single quotes as in fill = \"'standard'\", or one immutable "
				+ "expression without a query over the columns of the table, which are "
				+ live.columns().stream().map((column) -> "\"" + column.name() + "\"").collect(Collectors.joining(", "))
				+ ".";
	}

	private void requireType(JdbcOperations jdbc, @Nullable Column present) {
		String made = ConversionCheck.formatted(jdbc, this.table, NEW);
		if (present != null && !made.equals(present.type())) {
			throw new UnsupportedChangeException(this.change,
					"\"" + present.name() + "\" is of type " + present.type() + ", and not of type " + made + ".",
					"Declare the type that the column has, or drop it to have it added again.");
		}
	}

	private void setDefault(JdbcOperations jdbc) {
		String expression = this.change.defaultExpression();
		if (expression == null) {
			return;
		}
		String what = "the default (" + expression + ")";
		String action = "Correct it: one expression of the column's type, without columns and without a query.";
		String alter = "ALTER TABLE " + this.table + " ALTER COLUMN " + NEW + " ";
		attempt(jdbc, alter + "SET DEFAULT (" + expression + ")", what, action);
		boolean isVolatile = new Catalog(jdbc).table(new TableName(Scratch.schemaName(jdbc), this.name))
			.flatMap((made) -> made.column(NEW))
			.map(Column::defaultVolatile)
			.orElseThrow();
		// One that is volatile may count something, such as the numbers of a sequence
		if (!isVolatile) {
			attempt(jdbc, alter + "SET NOT NULL", what, action);
			attempt(jdbc, "INSERT INTO " + this.table + " DEFAULT VALUES", what, action);
		}
	}

	private void fill(JdbcOperations jdbc, Table live, Map<String, String> sources) {
		jdbc.execute("TRUNCATE " + this.table);
		attempt(jdbc,
				"ALTER TABLE " + this.table + " ADD COLUMN expand_contract_fill " + this.change.type()
						+ " GENERATED ALWAYS AS (" + this.change.up(this.change.column(), sources::get) + ") STORED",
				this.fill, hint(live));
		Boolean cut = jdbc.queryForObject(
				"""
						SELECT e.typname IN ('name', 'char') OR a.atttypmod >= 0 AND e.typname IN ('varchar', 'bpchar', 'bit', 'varbit')
						FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
						JOIN pg_catalog.pg_type e ON e.oid = CASE WHEN t.typelem <> 0 AND t.typlen = -1 THEN t.typelem ELSE t.oid END
						WHERE a.attrelid = ?::regclass AND a.attname = ? AND e.typnamespace = 'pg_catalog'::regnamespace
						""",
				Boolean.class, this.table, NEW);
		if (Boolean.TRUE.equals(cut)) {
			throw new UnsupportedChangeException(this.change,
					"the type " + this.change.type()
							+ " makes a cast cut off in silence what fill gives and is too long.",
					"Take a plain type without a length, such as text, and add a check for the length afterwards.");
		}
	}

	private long file(JdbcOperations jdbc) {
		Long file = jdbc.queryForObject("SELECT pg_catalog.pg_relation_filenode(?::regclass)", Long.class, this.table);
		return (file != null) ? file : 0;
	}

	private void requireSameFile(JdbcOperations jdbc, long before, String reason, String action) {
		if (file(jdbc) != before) {
			throw new UnsupportedChangeException(this.change, reason + ", and keep everybody out until then.", action);
		}
	}

	private void attempt(JdbcOperations jdbc, String sql, String what, String action) {
		ConversionCheck.attempt(jdbc, this.change, sql, what, action);
	}

}
