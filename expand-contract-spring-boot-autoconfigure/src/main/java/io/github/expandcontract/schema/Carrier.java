package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.schema.IndexCopies.Copied;

/**
 * Gives new what hangs on old, where it is new that stays:
 * <ol>
 * <li>at EXPAND it checks that all of it can stand on new, and that no row there is would
 * be refused by it;</li>
 * <li>before CONTRACT it puts beside each object its copy, where that keeps nobody
 * waiting;</li>
 * <li>in the transaction of CONTRACT the copies take their places.</li>
 * </ol>
 * Every definition is the server's own.
 */
final class Carrier {

	private final Ddl ddl;

	private final IndexCopies indexes;

	private final UniqueCopies uniques;

	private final ConstraintCopies constraints;

	private final ViewCopies views;

	private final Map<Described, List<StatisticsCopy>> statistics = new ConcurrentHashMap<>();

	Carrier(Ddl ddl, IndexCopies indexes, UniqueCopies uniques, boolean rebuildViews) {
		this.ddl = ddl;
		this.indexes = indexes;
		this.uniques = uniques;
		this.constraints = new ConstraintCopies(ddl);
		this.views = new ViewCopies(ddl, rebuildViews);
	}

	/**
	 * Checks that what hangs on old can stand on new, before anything is touched.
	 * @throws UnsupportedChangeException if not
	 */
	void check(ColumnChange change) {
		this.constraints.check(change);
		this.views.check(change);
	}

	/**
	 * Looks for rows that would not be unique in new, or violate what holds for old.
	 * @throws UnsupportedChangeException if there are any, with their keys
	 */
	void examine(ColumnChange change) {
		this.uniques.requireDistinct(change);
		this.constraints.examine(change);
	}

	List<Step> prepareSteps(JdbcOperations jdbc, ColumnChange change) {
		List<Step> steps = new ArrayList<>(this.constraints.prepareSteps(jdbc, change));
		List<Step> looks = statistics(change).stream()
			.flatMap((copy) -> copy.prepareSteps(jdbc, change).stream())
			.toList();
		steps.addAll(looks);
		if (!looks.isEmpty()) {
			steps.add(Statistics.step(change));
		}
		return steps;
	}

	/**
	 * Takes back what a row violates.
	 */
	void violated(ColumnChange change, DataAccessException failure) {
		this.constraints.violated(change, failure);
	}

	/**
	 * What can be carried of what hangs on old now.
	 */
	Set<ObjectId> objects(ColumnChange change) {
		Set<ObjectId> objects = new HashSet<>();
		this.indexes.wanted(change).forEach((copied) -> objects.add(copied.original().id()));
		for (Copied copied : this.uniques.of(change)) {
			constraint(copied.original()).ifPresent(objects::add);
		}
		this.constraints.of(change)
			.stream()
			.filter(ConstraintCopy::carried)
			.forEach((copy) -> objects.addAll(copy.original().ids()));
		statistics(change).forEach((copy) -> objects.add(copy.id()));
		Publications.of(this.ddl.jdbc(), change).forEach((publication) -> objects.add(publication.id()));
		ownedSequences(change).forEach((sequence) -> objects.add(sequence.id()));
		objects.addAll(this.views.objects(change));
		return objects;
	}

	/**
	 * Checks that every copy is there.
	 * @throws UnsupportedChangeException if one is not
	 */
	void requireReady(ColumnChange change) {
		for (Copied copied : this.indexes.wanted(change)) {
			boolean unique = copied.original().unique();
			IndexCopy copy = unique ? copied.copy().asUnique() : copied.copy();
			if (!copy.isUsable(this.ddl.jdbc())) {
				throw new UnsupportedChangeException(change,
						"the index \"" + copied.original().name() + "\" has no valid copy on the new column"
								+ (unique ? " that is unique." : "."),
						unique ? "It is built before CONTRACT is tried again."
								: "Go back to the phase BACKFILL, where copies are built.");
			}
		}
	}

	/**
	 * What the transaction of CONTRACT does with it. The catalog is read before the
	 * transaction begins, which finds out if anything has changed since.
	 */
	Carried carried(ColumnChange change) {
		Set<ObjectId> objects = objects(change);
		String state = state(this.ddl.jdbc(), objects);
		List<Step> before = new ArrayList<>(this.views.dropSteps(change));
		ownedSequences(change).forEach((sequence) -> before.add(sequence.step(change)));
		Publications.of(this.ddl.jdbc(), change).forEach((publication) -> before.addAll(publication.steps(change)));
		List<Step> after = new ArrayList<>(
				new IndexHandover(this.ddl.jdbc(), change).steps(this.indexes.wanted(change)));
		after.addAll(this.constraints.contractSteps(change));
		statistics(change).forEach((copy) -> after.addAll(copy.contractSteps(change)));
		after.addAll(this.views.createSteps(change));
		return new Carried(objects, state, before, after);
	}

	/**
	 * By the transactions that wrote them, so that whatever has been altered since is
	 * seen.
	 */
	static String state(JdbcOperations jdbc, Set<ObjectId> objects) {
		Long[] oids = objects.stream().map(ObjectId::oid).toArray(Long[]::new);
		return String.valueOf(jdbc.queryForObject(
				"""
						WITH known AS (SELECT oid::oid FROM pg_catalog.unnest(?::bigint[]) oid)
						SELECT pg_catalog.string_agg(state, ',' ORDER BY state) FROM (
						  SELECT 'c' || c.oid || '/' || c.xmin FROM pg_catalog.pg_constraint c JOIN known ON known.oid = c.oid
						  UNION ALL
						  SELECT 's' || s.oid || '/' || s.xmin FROM pg_catalog.pg_statistic_ext s JOIN known ON known.oid = s.oid
						  UNION ALL
						  SELECT 'p' || p.oid || '/' || p.xmin FROM pg_catalog.pg_publication_rel p JOIN known ON known.oid = p.oid
						  UNION ALL
						  SELECT 'r' || r.oid || '/' || r.xmin || '/' || v.xmin FROM pg_catalog.pg_rewrite r
						  JOIN known ON known.oid = r.oid JOIN pg_catalog.pg_class v ON v.oid = r.ev_class) found (state)
						""",
				String.class, (Object) oids));
	}

	private Optional<ObjectId> constraint(OriginalIndex original) {
		return this.ddl.jdbc()
			.queryForList("SELECT oid::bigint FROM pg_catalog.pg_constraint WHERE conindid = ?::oid AND contype = 'u'",
					Long.class, original.oid())
			.stream()
			.findFirst()
			.map((oid) -> new ObjectId(ObjectId.CONSTRAINT, oid));
	}

	private List<StatisticsCopy> statistics(ColumnChange change) {
		List<StatisticsCopy> originals = StatisticsCopy.originals(this.ddl.jdbc(), change);
		return originals.isEmpty() ? List.of()
				: this.statistics.computeIfAbsent(new Described(change, originals),
						(key) -> Scratch.use(this.ddl, "describe the copies of statistics for " + change.id(),
								(jdbc) -> StatisticsCopy.over(jdbc, change, originals)));
	}

	private List<OwnedSequence> ownedSequences(ColumnChange change) {
		return this.ddl.jdbc()
			.query("""
					SELECT s.oid::bigint, n.nspname, s.relname FROM pg_catalog.pg_depend d
					JOIN pg_catalog.pg_class s ON s.oid = d.objid AND s.relkind = 'S'
					JOIN pg_catalog.pg_namespace n ON n.oid = s.relnamespace
					JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
					WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
					AND d.deptype = 'a' AND d.refobjid = pg_catalog.to_regclass(?) AND a.attname = ?
					ORDER BY 2, 3
					""",
					(row, number) -> new OwnedSequence(row.getLong(1),
							new TableName(row.getString(2), row.getString(3))),
					change.table().quoted(), change.oldColumn());
	}

	private record OwnedSequence(long oid, TableName name) {

		ObjectId id() {
			return new ObjectId(ObjectId.CLASS, this.oid);
		}

		Step step(ColumnChange change) {
			return Step.inTransaction("let new own the sequence", LockLevel.NONE, "ALTER SEQUENCE " + this.name.quoted()
					+ " OWNED BY " + change.table().quoted() + "." + Identifiers.quote(change.newColumn()));
		}

	}

	private record Described(ColumnChange change, List<StatisticsCopy> originals) {

	}

}
