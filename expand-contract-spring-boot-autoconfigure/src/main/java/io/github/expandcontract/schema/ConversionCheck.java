package io.github.expandcontract.schema;

import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.ShortName;

/**
 * Whether the type and the expressions of a change can be used. The server is asked, by
 * what it says of generated columns in a table with nothing but the two columns: these
 * take no expression that is not immutable, has a query, an aggregate or a set in it, or
 * names anything else of the row.
 */
final class ConversionCheck {

	private static final String OLD = "expand_contract_old";

	private static final String NEW = "expand_contract_new";

	static final String PLAIN_TYPE = "Take a plain type without a domain, a length or a collation, and "
			+ "add a check for what it has to hold afterwards.";

	private final ChangeType change;

	private final Column original;

	private final String table;

	ConversionCheck(ChangeType change, Column original) {
		this.change = change;
		this.original = original;
		this.table = Scratch.SCHEMA + ".\"try_" + ShortName.hash(change.table().quoted() + change.id()) + "\"";
	}

	/**
	 * Checks the change.
	 * @param ddl where it is tried
	 * @param copy the new column if it is there already
	 * @throws UnsupportedChangeException if a value of one column cannot become one of
	 * the other, or not back, or it could not be told whether it did
	 */
	void check(Ddl ddl, @Nullable Column copy) {
		Scratch.use(ddl, "try the expressions of " + this.change.id(), (jdbc) -> {
			checkType(jdbc, copy);
			checkExpressions(jdbc);
			checkNull(jdbc);
			return this.change;
		});
	}

	private void checkType(JdbcOperations jdbc, @Nullable Column copy) {
		String type = "the type " + this.change.type() + " of the new column";
		attempt(jdbc, "SELECT CAST(NULL AS " + this.change.type() + ")", type, "Name a type that exists.");
		attempt(jdbc, "CREATE TABLE " + this.table + " (" + OLD + " " + ColumnSteps.type(this.original) + ", " + NEW
				+ " " + this.change.type() + ")", type, "Name a type that a column can have.");
		String reason = unusable(jdbc, this.table, NEW, this.original.collation() != null);
		if (!reason.isEmpty()) {
			throw refused(type + " " + reason + ".", PLAIN_TYPE);
		}
		if (copy != null) {
			String made = formatted(jdbc, this.table, NEW);
			if (!made.equals(copy.type())) {
				throw refused("\"" + copy.name() + "\" is of type " + copy.type() + ", and not of type " + made + ".",
						"Declare the type that the column has, or drop it to have it made again.");
			}
		}
		equality(jdbc, OLD, "the type " + this.original.type() + " of the column \"" + this.original.name() + "\"");
		equality(jdbc, NEW, type);
	}

	/**
	 * Why a column of a table cannot be what a value is converted to: for itself, or for
	 * what its values are made of.
	 * @param collated whether it takes the place of one that has a collation
	 * @return the reason, as the rest of a sentence about the type, or an empty text
	 */
	static String unusable(JdbcOperations jdbc, String table, String column, boolean collated) {
		return Objects.requireNonNull(jdbc.queryForObject(
				"""
						WITH RECURSIVE part AS (
						  SELECT atttypid AS oid, atttypmod AS modifier FROM pg_catalog.pg_attribute
						  WHERE attrelid = ?::regclass AND attname = ?
						  UNION ALL
						  SELECT inner_part.oid, inner_part.modifier FROM part JOIN pg_catalog.pg_type t ON t.oid = part.oid
						  CROSS JOIN LATERAL (
						    SELECT t.typbasetype AS oid, t.typtypmod AS modifier WHERE t.typtype = 'd'
						    UNION ALL SELECT t.typelem, part.modifier WHERE t.typelem <> 0 AND t.typlen = -1
						    UNION ALL SELECT f.atttypid, f.atttypmod FROM pg_catalog.pg_attribute f
						      WHERE t.typtype = 'c' AND f.attrelid = t.typrelid AND f.attnum > 0 AND NOT f.attisdropped
						  ) inner_part)
						SELECT CASE
						  WHEN t.typtype = 'd' THEN 'is a domain, and adding a column of one can rewrite the table'
						  WHEN EXISTS (SELECT FROM part JOIN pg_catalog.pg_type e ON e.oid = part.oid
						      WHERE e.typnamespace = 'pg_catalog'::regnamespace AND (e.typname IN ('name', 'char')
						        OR part.modifier >= 0 AND e.typname IN ('varchar', 'bpchar', 'bit', 'varbit')))
						    THEN 'makes a cast cut off in silence what is too long'
						  WHEN a.attcollation <> 0 AND ? THEN
						    'has a collation, which the declaration cannot name, so that the one of the old column would be lost'
						  ELSE '' END
						FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
						WHERE a.attrelid = ?::regclass AND a.attname = ?
						""",
				String.class, table, column, collated, table, column));
	}

	private void equality(JdbcOperations jdbc, String column, String type) {
		attempt(jdbc, "SELECT DISTINCT " + column + " FROM " + this.table,
				type + ", of which it must be known when two values are the same", "Take a type that has an equality, "
						+ "such as jsonb instead of json; a column that has none cannot be converted by this change.");
	}

	private void checkExpressions(JdbcOperations jdbc) {
		String up = "up (" + this.change.upward().text() + ")";
		String down = "down (" + this.change.downward().text() + ")";
		String action = "Correct it: one immutable expression over the one column, without a query or an aggregate.";
		attempt(jdbc, "ALTER TABLE " + this.table + " ADD COLUMN expand_contract_up " + this.change.type()
				+ " GENERATED ALWAYS AS (" + this.change.up(OLD) + ") STORED", up, action);
		String results = Scratch.SCHEMA + ".\"down_" + ShortName.hash(this.change.table().quoted() + this.change.id())
				+ "\"";
		attempt(jdbc,
				"CREATE TABLE " + results + " AS SELECT " + this.change.down(NEW) + " AS value FROM " + this.table,
				down, action);
		String given = formatted(jdbc, results, "value");
		String expected = hasLength(this.original.type()) ? base(this.original.type()) : this.original.type();
		if (!given.equals(this.original.type()) && !given.equals(expected)) {
			throw refused(down + " gives a value of type " + given + ", but \"" + this.original.name()
					+ "\" is of type " + this.original.type() + ".", "Wrap it in CAST(… AS " + expected + ").");
		}
		attempt(jdbc, "ALTER TABLE " + this.table + " ADD COLUMN expand_contract_down "
				+ ColumnSteps.type(this.original) + " GENERATED ALWAYS AS (" + this.change.down(NEW) + ") STORED", down,
				action);
	}

	/**
	 * A statement that sets new to NULL is told from one that does not name it only by
	 * what the way through old makes of it.
	 */
	private void checkNull(JdbcOperations jdbc) {
		String there = this.change.down("CAST(NULL AS " + this.change.type() + ")");
		String back = this.change.up(there);
		Boolean kept;
		try {
			kept = jdbc.queryForObject("SELECT " + back + " IS NULL", Boolean.class);
		}
		catch (DataAccessException ex) {
			throw refused("up(down(NULL)) cannot be computed: " + message(ex),
					"Let both expressions take NULL, for example by CASE.", ex);
		}
		if (!Boolean.TRUE.equals(kept)) {
			throw refused("up(down(NULL)) is not NULL, so that a NULL in \"" + this.change.newColumn()
					+ "\" would turn into something else.", "Let down give NULL for NULL, and up too.");
		}
	}

	private void attempt(JdbcOperations jdbc, String sql, String what, String action) {
		attempt(jdbc, this.change, sql, what, action);
	}

	static void attempt(JdbcOperations jdbc, Change change, String sql, String what, String action) {
		try {
			jdbc.execute(sql);
		}
		catch (DataAccessException ex) {
			throw new UnsupportedChangeException(change, what + " cannot be used: " + message(ex), action, ex);
		}
	}

	static String formatted(JdbcOperations jdbc, String table, String column) {
		return Objects.requireNonNull(jdbc.queryForObject("""
				SELECT pg_catalog.format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute
				WHERE attrelid = ?::regclass AND attname = ?
				""", String.class, table, column));
	}

	/*
	 * A cast to such a type cuts off; the assignment to the column raises an error.
	 */
	static boolean hasLength(String type) {
		return type.startsWith("character") || type.startsWith("bit");
	}

	static String base(String type) {
		return type.replaceFirst("\\(\\d+\\)", "");
	}

	static String message(DataAccessException failure) {
		return Objects.requireNonNullElse(failure.getMostSpecificCause().getMessage(), "")
			.lines()
			.findFirst()
			.orElse("no reason given");
	}

	private UnsupportedChangeException refused(String reason, String action) {
		return new UnsupportedChangeException(this.change, reason, action);
	}

	private UnsupportedChangeException refused(String reason, String action, Throwable cause) {
		return new UnsupportedChangeException(this.change, reason, action, cause);
	}

}
