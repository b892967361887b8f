package io.github.expandcontract.schema;

import java.util.Objects;
import java.util.Optional;
import java.util.function.BiFunction;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.ShortName;
import io.github.expandcontract.postgres.TableName;

/**
 * What is to be added to a table is first tried on an empty clone of it, so that the
 * server itself says what is wrong, and how it spells what is right. The clone is rolled
 * back.
 */
final class Trial {

	private Trial() {
	}

	/**
	 * Tries something.
	 * @param action what to do where the server refuses it
	 * @param work the trial, given the transaction and the clone's quoted name
	 * @throws UnsupportedChangeException if the server refuses it
	 */
	static <T> T of(Ddl ddl, TableChange change, String action, BiFunction<JdbcOperations, String, T> work) {
		try {
			return Scratch.use(ddl, "try what " + change.id() + " adds", (jdbc) -> {
				String clone = clone(jdbc, change.table(), "trial_" + ShortName.hash(change.id()), "");
				return work.apply(jdbc, clone);
			});
		}
		catch (DataAccessException ex) {
			throw new UnsupportedChangeException(change,
					"PostgreSQL refuses it: " + ex.getMostSpecificCause().getMessage() + ".", action, ex);
		}
	}

	/**
	 * Makes a clone, partitioned as the table is.
	 */
	static String clone(JdbcOperations jdbc, TableName table, String name, String including) {
		String quoted = new TableName(OwnSchema.NAME, name).quoted();
		Optional<String> partitioning = jdbc
			.query("SELECT pg_catalog.pg_get_partkeydef(pg_catalog.to_regclass(?))",
					(row, number) -> Optional.ofNullable(row.getString(1)), table.quoted())
			.stream()
			.flatMap(Optional::stream)
			.findFirst();
		jdbc.execute("CREATE TABLE " + quoted + " (LIKE " + table.quoted() + including + ")"
				+ partitioning.map((key) -> " PARTITION BY " + key).orElse(""));
		return quoted;
	}

	static String text(JdbcOperations jdbc, String query, Object... arguments) {
		return Objects.requireNonNull(jdbc.queryForObject(query, String.class, arguments));
	}

}
