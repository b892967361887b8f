package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.LockUnavailableException;

/**
 * Indexes for those who search by the new column before it is filled. Until SWITCH_READS
 * its value is computed from old's, which old's indexes do not serve unless the
 * conversion changes nothing but the name of the type.
 */
final class SearchIndexes {

	private static final Log logger = LogFactory.getLog(SearchIndexes.class);

	private final Ddl ddl;

	private final boolean trigger;

	/**
	 * Creates a finder.
	 * @param ddl where it is tried out
	 * @param trigger whether a trigger keeps the columns in step
	 */
	SearchIndexes(Ddl ddl, boolean trigger) {
		this.ddl = ddl;
		this.trigger = trigger;
	}

	/**
	 * The statements that build them.
	 * @return one for each index that has old as a key, none where old's own serve
	 */
	List<String> statements(ColumnChange change) {
		return change.fold((rename) -> List.of(), this::statements);
	}

	private List<String> statements(ChangeType change) {
		List<OriginalIndex> originals = OriginalIndex.all(this.ddl.jdbc(), change)
			.stream()
			.filter((index) -> !index.partitioned())
			.toList();
		if (originals.isEmpty()) {
			return List.of();
		}
		try {
			return Scratch.use(this.ddl, "look for indexes to search by " + change.id(),
					(jdbc) -> statements(jdbc, change, originals));
		}
		catch (DataAccessException | LockUnavailableException ex) {
			// An advice less is no reason to stop
			logger.debug("No indexes to search by " + change.id() + " were found", ex);
			return List.of();
		}
	}

	/**
	 * How statements read the new column meanwhile.
	 */
	private String value(ChangeType change, String oldReference) {
		String computed = change.up(oldReference);
		return searchesBoth(change, this.trigger)
				? "COALESCE(" + Identifiers.quote(change.newColumn()) + ", " + computed + ")" : computed;
	}

	/**
	 * Where down loses something, old does not hold all that new does.
	 */
	static boolean searchesBoth(ColumnChange change, boolean trigger) {
		return trigger && !change.lossless();
	}

	private List<String> statements(JdbcOperations jdbc, ChangeType change, List<OriginalIndex> originals) {
		CloneTable clone = new CloneTable(jdbc, change);
		IndexDescription.make(jdbc, clone, originals);
		clone.markOld();
		clone.addNew();
		if (isServed(jdbc, change, clone)) {
			return List.of();
		}
		List<String> statements = new ArrayList<>();
		for (int i = 0; i < originals.size(); i++) {
			String present = IndexDescription.definition(jdbc, IndexDescription.name(i));
			String wanted = Substitution.searched(present, value(change, Substitution.OLD));
			if (!wanted.equals(present) && canBeBuilt(jdbc, clone, wanted)) {
				statements.add("CREATE INDEX CONCURRENTLY ON " + originals.get(i).table().quoted() + " "
						+ wanted.replace(Substitution.OLD, Identifiers.quote(change.oldColumn())));
			}
		}
		return statements;
	}

	/**
	 * Whether an index on old finds the value as well, which the server is asked on an
	 * index without a condition.
	 */
	private boolean isServed(JdbcOperations jdbc, ChangeType change, CloneTable clone) {
		if (!canBeBuilt(jdbc, clone, "(" + Substitution.OLD + ")")) {
			return false;
		}
		jdbc.execute("SET LOCAL enable_seqscan = off");
		return jdbc
			.queryForList("EXPLAIN (COSTS OFF) SELECT FROM " + clone.name() + " WHERE "
					+ value(change, Substitution.OLD) + " = (SELECT CAST(NULL AS " + change.type() + "))", String.class)
			.stream()
			.anyMatch((line) -> line.contains("Index Cond"));
	}

	/**
	 * Not where the order that the index has is one of old's type alone.
	 */
	private static boolean canBeBuilt(JdbcOperations jdbc, CloneTable clone, String definition) {
		jdbc.execute("SAVEPOINT index");
		try {
			jdbc.execute("CREATE INDEX ON " + clone.name() + " " + definition);
			return true;
		}
		catch (DataAccessException ex) {
			jdbc.execute("ROLLBACK TO SAVEPOINT index");
			return false;
		}
	}

}
