package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.ShortName;
import io.github.expandcontract.postgres.Table;

/**
 * Whether the types and the expressions of a split or a merge can be used. The server is
 * asked as {@link ConversionCheck} asks it, in a table with nothing but the columns of
 * the change under other names, so that a name that was not taken for a column is found.
 */
final class ReshapeConversionCheck {

	private static final String ACTION = "Correct it: one immutable expression over the columns of the other side alone, "
			+ "without a query or an aggregate; what concat and concat_ws join has to be text.";

	private final ReshapeColumns change;

	private final Table live;

	private final String table;

	private final Map<String, String> names = new HashMap<>();

	ReshapeConversionCheck(ReshapeColumns change, Table live) {
		this.change = change;
		this.live = live;
		this.table = scratch("try_");
		change.changingColumns()
			.forEach((column) -> this.names.put(column, "expand_contract_" + (this.names.size() + 1)));
	}

	private String scratch(String prefix) {
		return OwnSchema.NAME + ".\"" + prefix + ShortName.hash(this.change.table().quoted() + this.change.id()) + "\"";
	}

	/**
	 * Checks the change.
	 * @param ddl where it is tried
	 * @throws UnsupportedChangeException if the values of one side cannot become those of
	 * the other, or it could not be told whether they did
	 */
	void check(Ddl ddl) {
		Scratch.use(ddl, "try the expressions of " + this.change.id(), (jdbc) -> {
			TextFunctions.create(jdbc);
			createTable(jdbc);
			this.change.into().forEach((part) -> checkPart(jdbc, part));
			this.change.into().forEach((part) -> checkUp(jdbc, part));
			this.change.from().forEach((former) -> checkDown(jdbc, former));
			checkNull(jdbc);
			return this.change;
		});
	}

	private void createTable(JdbcOperations jdbc) {
		List<String> columns = this.change.oldColumns()
			.stream()
			.map((column) -> name(column) + " " + ColumnSteps.type(original(column)))
			.toList();
		jdbc.execute("CREATE TABLE " + this.table + " (" + String.join(", ", columns) + ")");
		this.change.oldColumns()
			.forEach((column) -> requireEquality(jdbc, column,
					"the type " + original(column).type() + " of the column \"" + column + "\""));
	}

	private void checkPart(JdbcOperations jdbc, ReshapeColumns.Part part) {
		String type = "the type " + part.type() + " of the column \"" + part.column() + "\"";
		attempt(jdbc, "SELECT CAST(NULL AS " + part.type() + ")", type, "Name a type that exists.");
		attempt(jdbc, "ALTER TABLE " + this.table + " ADD COLUMN " + name(part.column()) + " " + part.type(), type,
				"Name a type that a column can have.");
		String reason = ConversionCheck.unusable(jdbc, this.table, name(part.column()), false);
		if (!reason.isEmpty()) {
			throw refused(type + " " + reason + ".", ConversionCheck.PLAIN_TYPE);
		}
		this.live.column(part.column()).ifPresent((present) -> {
			String made = ConversionCheck.formatted(jdbc, this.table, name(part.column()));
			if (!made.equals(present.type())) {
				throw refused(
						"\"" + present.name() + "\" is of type " + present.type() + ", and not of type " + made + ".",
						"Declare the type that the column has.");
			}
		});
		requireEquality(jdbc, part.column(), type);
	}

	private void requireEquality(JdbcOperations jdbc, String column, String type) {
		attempt(jdbc, "SELECT DISTINCT " + name(column) + " FROM " + this.table,
				type + ", of which it must be known when two values are the same",
				"Take a type that has an equality, such as jsonb instead of json.");
	}

	private void checkUp(JdbcOperations jdbc, ReshapeColumns.Part part) {
		addGenerated(jdbc, "up_of_" + name(part.column()), part.type(), this.change.up(part.column(), this::name),
				"up of \"" + part.column() + "\" (" + part.up().text() + ")");
	}

	private void checkDown(JdbcOperations jdbc, ReshapeColumns.Former former) {
		Column original = original(former.column());
		String down = "down of \"" + former.column() + "\" (" + former.down().text() + ")";
		String expression = this.change.down(former.column(), this::name);
		String results = scratch("down_of_" + name(former.column()) + "_");
		attempt(jdbc, "CREATE TABLE " + results + " AS SELECT " + TextFunctions.over(expression) + " AS value FROM "
				+ this.table, down, ACTION);
		String given = ConversionCheck.formatted(jdbc, results, "value");
		String expected = ConversionCheck.hasLength(original.type()) ? ConversionCheck.base(original.type())
				: original.type();
		if (!given.equals(original.type()) && !given.equals(expected)) {
			throw refused(down + " gives a value of type " + given + ", but \"" + former.column() + "\" is of type "
					+ original.type() + ".", "Wrap it in CAST(… AS " + expected + ").");
		}
		addGenerated(jdbc, "down_of_" + name(former.column()), ColumnSteps.type(original), expression, down);
	}

	private void addGenerated(JdbcOperations jdbc, String column, String type, String expression, String what) {
		attempt(jdbc, "ALTER TABLE " + this.table + " ADD COLUMN " + column + " " + type + " GENERATED ALWAYS AS ("
				+ TextFunctions.over(expression) + ") STORED", what, ACTION);
	}

	/**
	 * A side that is NULL as a whole is taken for one that is not filled, so that is what
	 * NULL on the other side has to give.
	 */
	private void checkNull(JdbcOperations jdbc) {
		List<String> conditions = new ArrayList<>();
		for (ReshapeColumns.Part part : this.change.into()) {
			conditions.add(this.change.up(part.column(), (old) -> this.change.down(old, this::nullOf)) + " IS NULL");
		}
		require(jdbc, conditions, "up(down(NULL))", this.change.newColumns());
		conditions.clear();
		for (ReshapeColumns.Former former : this.change.from()) {
			conditions
				.add(this.change.down(former.column(), (part) -> this.change.up(part, this::nullOf)) + " IS NULL");
		}
		require(jdbc, conditions, "down(up(NULL))", this.change.oldColumns());
	}

	private void require(JdbcOperations jdbc, List<String> conditions, String what, List<String> columns) {
		Boolean kept;
		try {
			kept = jdbc.queryForObject("SELECT " + String.join(" AND ", conditions), Boolean.class);
		}
		catch (DataAccessException ex) {
			throw new UnsupportedChangeException(this.change,
					what + " cannot be computed: " + ConversionCheck.message(ex),
					"Let the expressions take NULL, for example by CASE.", ex);
		}
		if (!Boolean.TRUE.equals(kept)) {
			throw refused(
					what + " is not NULL, so that NULL in all of \"" + String.join("\", \"", columns)
							+ "\" would turn into something else.",
					"Let every expression give NULL where all that it names is NULL, for example by nullif(…, '').");
		}
	}

	private String nullOf(String column) {
		return "CAST(NULL AS " + this.change.into()
			.stream()
			.filter((part) -> part.column().equals(column))
			.map(ReshapeColumns.Part::type)
			.findFirst()
			.orElseGet(() -> original(column).type()) + ")";
	}

	private Column original(String column) {
		return this.live.column(column).orElseThrow();
	}

	private String name(String column) {
		return Objects.requireNonNull(this.names.get(column));
	}

	private void attempt(JdbcOperations jdbc, String sql, String what, String action) {
		ConversionCheck.attempt(jdbc, this.change, sql, what, action);
	}

	private UnsupportedChangeException refused(String reason, String action) {
		return new UnsupportedChangeException(this.change, reason, action);
	}

}
