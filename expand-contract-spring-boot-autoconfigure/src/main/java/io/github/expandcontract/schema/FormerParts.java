package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.OwnSchema;

/**
 * What the columns were like that the CONTRACT of a split or a merge drops, kept in a
 * table of ours for the way back.
 */
final class FormerParts {

	private static final String MEMORY = OwnSchema.NAME + ".former_part";

	private FormerParts() {
	}

	/**
	 * The table where it is missing.
	 */
	static List<Step> install(JdbcOperations jdbc) {
		return exists(jdbc) ? List.of() : List
			.of(Step.inTransaction("create the table that keeps what old was like", LockLevel.NONE,
					"CREATE TABLE IF NOT EXISTS " + MEMORY + " (change_id text NOT NULL, column_name text NOT NULL, "
							+ "type text NOT NULL, required boolean NOT NULL, PRIMARY KEY (change_id, column_name))"));
	}

	static List<Step> remember(JdbcOperations jdbc, ReshapeColumns change) {
		List<Step> steps = new ArrayList<>();
		for (String name : change.oldColumns()) {
			Column column = ColumnSteps.column(jdbc, change, name);
			steps.add(Step.inTransaction("keep what \"" + name + "\" was like", LockLevel.NONE,
					"INSERT INTO " + MEMORY + " (change_id, column_name, type, required) VALUES ("
							+ Sql.literal(change.id()) + ", " + Sql.literal(name) + ", "
							+ Sql.literal(ColumnSteps.type(column)) + ", " + column.notNull()
							+ ") ON CONFLICT (change_id, column_name) DO UPDATE SET type = EXCLUDED.type, "
							+ "required = EXCLUDED.required"));
		}
		return steps;
	}

	/**
	 * The type that an old column had, or the one that its expression gives where the
	 * table never had it.
	 */
	static String type(JdbcOperations jdbc, ReshapeColumns change, String name) {
		return strings(jdbc, change, name, "type").stream()
			.findFirst()
			.orElseGet(() -> Objects.requireNonNull(
					jdbc.queryForObject("SELECT pg_catalog.format_type(pg_catalog.pg_typeof(" + change.down(name,
							(part) -> "CAST(NULL AS " + change.into()
								.stream()
								.filter((each) -> each.column().equals(part))
								.findFirst()
								.orElseThrow()
								.type() + ")")
							+ "), NULL)", String.class)));
	}

	/**
	 * Whether an old column was NOT NULL.
	 */
	static boolean isRequired(JdbcOperations jdbc, ReshapeColumns change, String name) {
		return strings(jdbc, change, name, "required").contains("true");
	}

	private static List<String> strings(JdbcOperations jdbc, ReshapeColumns change, String name, String what) {
		return exists(jdbc) ? jdbc.queryForList(
				"SELECT " + what + "::text FROM " + MEMORY + " WHERE change_id = ? AND column_name = ?", String.class,
				change.id(), name) : List.of();
	}

	private static boolean exists(JdbcOperations jdbc) {
		return Boolean.TRUE
			.equals(jdbc.queryForObject("SELECT pg_catalog.to_regclass(?) IS NOT NULL", Boolean.class, MEMORY));
	}

}
