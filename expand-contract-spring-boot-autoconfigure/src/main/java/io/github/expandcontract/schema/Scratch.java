package io.github.expandcontract.schema;

import java.util.function.Function;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.SqlStates;

/**
 * Tables in our schema on which something is tried out and which nobody else ever sees:
 * they are rolled back, and so is the schema where it was not there.
 */
final class Scratch {

	private static final int ATTEMPTS = 5;

	private Scratch() {
	}

	static <T extends @Nullable Object> T use(Ddl ddl, String purpose, Function<JdbcOperations, T> work) {
		for (int attempt = 1;; attempt++) {
			try {
				return ddl.inTransaction(purpose, (jdbc) -> {
					jdbc.execute("SAVEPOINT scratch");
					jdbc.execute("CREATE SCHEMA IF NOT EXISTS " + OwnSchema.NAME);
					T result = work.apply(jdbc);
					jdbc.execute("ROLLBACK TO SAVEPOINT scratch");
					return result;
				});
			}
			catch (DataAccessException ex) {
				// Another instance has created the schema meanwhile
				if (attempt >= ATTEMPTS || !SqlStates.is(ex, SqlStates.UNIQUE_VIOLATION, SqlStates.DUPLICATE_SCHEMA)) {
					throw ex;
				}
			}
		}
	}

}
