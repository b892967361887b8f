package io.github.expandcontract.schema;

import java.util.Objects;
import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.Ddl;

/**
 * Temporary tables on which something is tried out and which nobody else ever sees: they
 * are rolled back. Nothing but the privilege TEMPORARY on the database is needed, which
 * every role has unless somebody took it away.
 */
final class Scratch {

	/**
	 * The schema of the tables.
	 */
	static final String SCHEMA = "pg_temp";

	private Scratch() {
	}

	/**
	 * The name that the catalog has for {@link #SCHEMA} in this session, once a table is
	 * there.
	 */
	static String schemaName(JdbcOperations jdbc) {
		return Objects.requireNonNull(jdbc.queryForObject(
				"SELECT nspname FROM pg_catalog.pg_namespace WHERE oid = pg_catalog.pg_my_temp_schema()",
				String.class));
	}

	static <T extends @Nullable Object> T use(Ddl ddl, String purpose, Function<JdbcOperations, T> work) {
		return ddl.inTransaction(purpose, (jdbc) -> {
			jdbc.execute("SAVEPOINT scratch");
			T result = work.apply(jdbc);
			jdbc.execute("ROLLBACK TO SAVEPOINT scratch");
			return result;
		});
	}

}
