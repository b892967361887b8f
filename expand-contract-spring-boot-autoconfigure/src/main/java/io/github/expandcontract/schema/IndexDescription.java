package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Ddl;

/**
 * What an index over old is over new. It is neither put together by us nor edited as
 * text:
 * <ol>
 * <li>the index is made on an empty clone of the table, and old is given a name that
 * stands for nothing else;</li>
 * <li>in the definition that the server then gives, new or {@code down(new)} takes the
 * place of that name;</li>
 * <li>what has come out is made on the clone, and the server is asked for its definition,
 * which is the one that counts.</li>
 * </ol>
 *
 * @param rest the definition from the word USING
 * @param keys what the index is sorted by, as expressions over the row
 * @param condition which rows it has, {@code null} for all
 * @param nullsDistinct whether two NULLs are two values to it
 */
record IndexDescription(String rest, List<String> keys, @Nullable String condition, boolean nullsDistinct) {

	static List<IndexDescription> of(Ddl ddl, ColumnChange change, List<OriginalIndex> originals) {
		return Scratch.use(ddl, "describe the copies of indexes for " + change.id(), (jdbc) -> {
			CloneTable clone = new CloneTable(jdbc, change);
			make(jdbc, clone, originals);
			clone.markOld();
			List<String> wanted = new ArrayList<>();
			for (int i = 0; i < originals.size(); i++) {
				wanted.add(new Substitution(change).index(definition(jdbc, name(i))));
				jdbc.execute("DROP INDEX " + name(i));
			}
			clone.addNew();
			List<IndexDescription> descriptions = new ArrayList<>();
			for (int i = 0; i < originals.size(); i++) {
				descriptions.add(describe(jdbc, change, clone, originals.get(i), wanted.get(i), i));
			}
			return descriptions;
		});
	}

	private static IndexDescription describe(JdbcOperations jdbc, ColumnChange change, CloneTable clone,
			OriginalIndex original, String wanted, int number) {
		String unique = original.unique() ? "UNIQUE " : "";
		try {
			jdbc.execute("CREATE " + unique + "INDEX index_" + number + " ON " + clone.name() + " " + wanted);
		}
		catch (DataAccessException ex) {
			throw new UnsupportedChangeException(change,
					"the index \"" + original.name() + "\" (" + original.rest()
							+ ") cannot be copied, it does not fit the new column: "
							+ ex.getMostSpecificCause().getMessage() + ".",
					"Drop it if the application can do without it, and create on \"" + change.newColumn()
							+ "\" what is needed there.",
					ex);
		}
		List<String> keys = jdbc.queryForList("""
				SELECT pg_catalog.pg_get_indexdef(i.indexrelid, key, true)
				FROM pg_catalog.pg_index i CROSS JOIN LATERAL pg_catalog.generate_series(1, i.indnkeyatts) key
				WHERE i.indexrelid = ?::regclass ORDER BY key
				""", String.class, name(number));
		String condition = jdbc.queryForList("""
				SELECT coalesce(pg_catalog.pg_get_expr(indpred, indrelid), '') FROM pg_catalog.pg_index
				WHERE indexrelid = ?::regclass
				""", String.class, name(number)).get(0);
		return new IndexDescription(definition(jdbc, name(number)), keys, condition.isEmpty() ? null : condition,
				!wanted.contains(" NULLS NOT DISTINCT"));
	}

	/**
	 * Makes indexes on a clone, without what makes them unique.
	 */
	static void make(JdbcOperations jdbc, CloneTable clone, List<OriginalIndex> originals) {
		for (int i = 0; i < originals.size(); i++) {
			jdbc.execute("CREATE INDEX index_" + i + " ON " + clone.name() + " " + originals.get(i).rest());
		}
	}

	/**
	 * The name of an index on a clone by its number.
	 */
	static String name(int number) {
		return Scratch.SCHEMA + ".index_" + number;
	}

	/**
	 * What the server says of an index, from the word USING.
	 */
	static String definition(JdbcOperations jdbc, String index) {
		String definition = Objects
			.requireNonNull(jdbc.queryForObject("SELECT pg_catalog.pg_get_indexdef(?::regclass)", String.class, index));
		return definition.substring(definition.indexOf(" USING ") + 1);
	}

}
