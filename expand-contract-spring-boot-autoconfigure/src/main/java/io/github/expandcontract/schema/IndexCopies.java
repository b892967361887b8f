package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.LockUnavailableException;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.ShortName;
import io.github.expandcontract.postgres.SqlStates;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.schema.FormerIndexes.FormerIndex;

/**
 * Copies of old's indexes on new, never unique.
 * <ol>
 * <li>The definition is not put together by us, nor edited as text: the index is made on
 * an empty clone of the table, the clone's column is renamed, and the server is asked for
 * the definition. The clone is rolled back.</li>
 * <li>The copy is built concurrently, under a name that follows from the original's.</li>
 * <li>A copy counts when it is valid and its definition is what it should be; one that is
 * neither is dropped, concurrently, and built again.</li>
 * </ol>
 * On a partitioned table the parent's copy is declared first, each partition's is built
 * concurrently and attached to it.
 */
final class IndexCopies {

	private static final int ATTEMPTS = 5;

	private final Ddl ddl;

	private final Map<Described, List<Copy>> described = new ConcurrentHashMap<>();

	IndexCopies(Ddl ddl) {
		this.ddl = ddl;
	}

	/**
	 * Checks that each of old's indexes can stand on new.
	 * @throws UnsupportedChangeException if one cannot
	 */
	void check(ColumnChange change) {
		wanted(change);
	}

	List<String> missing(ColumnChange change) {
		return wanted(change).stream()
			.filter((copy) -> !copy.isUsable(this.ddl.jdbc()))
			.map((copy) -> copy.original().name())
			.distinct()
			.toList();
	}

	List<Step> plan(ColumnChange change) {
		List<Step> steps = new ArrayList<>();
		for (Copy copy : wanted(change)) {
			if (!copy.isUsable(this.ddl.jdbc())) {
				steps.add(copy.step());
				copy.attachStep().ifPresent(steps::add);
			}
		}
		return steps;
	}

	List<Step> renames(ColumnChange change) {
		boolean remembers = change.fold((rename) -> false, (type) -> true);
		List<Step> steps = new ArrayList<>();
		if (remembers) {
			steps.add(FormerIndexes.forget(change));
		}
		for (Copy copy : wanted(change)) {
			Original original = copy.original();
			if (!copy.isUsable(this.ddl.jdbc())) {
				throw new UnsupportedChangeException(change,
						"the index \"" + original.name() + "\" has no valid copy on the new column.",
						"Go back to the phase BACKFILL, where copies are built.");
			}
			String comment = comment(original.quoted());
			if (remembers) {
				steps
					.add(FormerIndexes.remember(change, steps.size(), new FormerIndex(original.table(), original.name(),
							original.partitioned(), original.rest(), original.parent(), copy.name(), comment)));
			}
			steps.addAll(commentSteps(copy.quoted(), comment));
			steps.add(Step.inTransaction("give the copy its original's name", LockLevel.NONE,
					"ALTER INDEX " + copy.quoted() + " RENAME TO " + Identifiers.quote(original.name())));
		}
		return steps;
	}

	/**
	 * Builds again on old the indexes that it had before CONTRACT and of which new still
	 * has the copies.
	 */
	void restore(ColumnChange change) {
		for (FormerIndex index : FormerIndexes.wanted(this.ddl.jdbc(), change)) {
			Copy former = new Copy(new Original(index.table(), index.name(), index.partitioned(), index.definition(),
					"", index.parent()), index.name(), index.definition());
			build(former);
			for (Step step : commentSteps(former.quoted(), index.comment())) {
				this.ddl.inTransaction(step.purpose(), (jdbc) -> {
					jdbc.execute(step.sql());
					return step;
				});
			}
		}
	}

	private @Nullable String comment(String index) {
		return this.ddl.jdbc()
			.query("SELECT pg_catalog.obj_description(pg_catalog.to_regclass(?), 'pg_class')",
					(row, number) -> Optional.ofNullable(row.getString(1)), index)
			.stream()
			.flatMap(Optional::stream)
			.findFirst()
			.orElse(null);
	}

	private List<Step> commentSteps(String index, @Nullable String comment) {
		if (comment == null || comment.equals(comment(index))) {
			return List.of();
		}
		return List.of(Step.inTransaction("comment on the index", LockLevel.NONE,
				"COMMENT ON INDEX " + index + " IS " + Sql.literal(comment)));
	}

	/**
	 * Builds what is missing.
	 * @return whether anything was
	 */
	boolean build(ColumnChange change) {
		boolean built = false;
		for (Copy copy : wanted(change)) {
			built |= build(copy);
		}
		return built;
	}

	private boolean build(Copy copy) {
		boolean missing = false;
		for (int attempt = 1; !isBuilt(copy); attempt++) {
			missing = true;
			try {
				dropLeftover(copy);
				Step step = copy.step();
				if (step.transactional()) {
					this.ddl.inTransaction(step.purpose(), (jdbc) -> {
						jdbc.execute(step.sql());
						return copy;
					});
				}
				else {
					this.ddl.concurrently(step.purpose(), step.sql());
				}
			}
			catch (LockUnavailableException ex) {
				if (attempt >= ATTEMPTS) {
					throw ex;
				}
			}
			catch (DataAccessException ex) {
				// Another instance was faster: look again
				if (attempt >= ATTEMPTS
						|| !SqlStates.is(ex, SqlStates.DUPLICATE_TABLE, SqlStates.UNIQUE_VIOLATION, "42704")) {
					throw ex;
				}
			}
		}
		attach(copy);
		return missing;
	}

	private boolean isBuilt(Copy copy) {
		return copy.original().partitioned() ? copy.exists(this.ddl.jdbc()) : copy.isUsable(this.ddl.jdbc());
	}

	private void attach(Copy copy) {
		copy.attachStep().ifPresent((step) -> {
			Boolean attached = this.ddl.jdbc().queryForObject("""
					SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits
					  WHERE inhrelid = pg_catalog.to_regclass(?))
					""", Boolean.class, copy.quoted());
			if (!Boolean.TRUE.equals(attached)) {
				this.ddl.inTransaction(step.purpose(), (jdbc) -> {
					jdbc.execute(step.sql());
					return copy;
				});
			}
		});
	}

	/*
	 * An index of ours that is being built by another instance is not valid either. Its
	 * build holds a lock on the table that the drop waits for, and the build that comes
	 * after finds the name taken or free; both end in looking again.
	 */
	private void dropLeftover(Copy copy) {
		Boolean there = this.ddl.jdbc()
			.queryForObject("SELECT pg_catalog.to_regclass(?) IS NOT NULL", Boolean.class, copy.quoted());
		if (!Boolean.TRUE.equals(there)) {
			return;
		}
		Boolean underWay = this.ddl.jdbc().queryForObject("""
				SELECT EXISTS (SELECT FROM pg_catalog.pg_locks l
				  JOIN pg_catalog.pg_stat_progress_create_index p ON p.pid = l.pid
				  WHERE l.relation = pg_catalog.to_regclass(?) AND l.granted AND l.mode = 'ShareUpdateExclusiveLock')
				""", Boolean.class, copy.original().table().quoted());
		if (Boolean.TRUE.equals(underWay)) {
			// Waits in a statement that blocks nobody until the other build has ended
			this.ddl.inTransaction("wait for the build of " + copy.name(), (jdbc) -> {
				jdbc.execute("LOCK TABLE ONLY " + copy.original().table().quoted() + " IN SHARE UPDATE EXCLUSIVE MODE");
				return copy;
			});
			if (isBuilt(copy)) {
				return;
			}
		}
		if (copy.original().partitioned()) {
			this.ddl.inTransaction("drop what is left of " + copy.name(), (jdbc) -> {
				jdbc.execute("DROP INDEX IF EXISTS " + copy.quoted());
				return copy;
			});
		}
		else {
			this.ddl.concurrently("drop what is left of " + copy.name(),
					"DROP INDEX CONCURRENTLY IF EXISTS " + copy.quoted());
		}
	}

	private List<Copy> wanted(ColumnChange change) {
		List<Original> originals = this.ddl.jdbc().query("""
				SELECT n.nspname, t.relname, c.relname, t.relkind = 'p', h.inhparent::regclass IS NOT NULL,
				  pg_catalog.pg_get_indexdef(i.indexrelid), p.relname,
				  'CREATE ' || CASE WHEN i.indisunique THEN 'UNIQUE ' ELSE '' END || 'INDEX '
				    || pg_catalog.quote_ident(c.relname) || ' ON '
				    || CASE WHEN t.relkind = 'p' THEN 'ONLY ' ELSE '' END
				    || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(t.relname) || ' ',
				  pn.nspname, pt.relname
				FROM pg_catalog.pg_index i
				JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
				JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
				JOIN pg_catalog.pg_namespace n ON n.oid = t.relnamespace
				JOIN pg_catalog.pg_attribute a ON a.attrelid = t.oid AND a.attname = ? AND NOT a.attisdropped
				LEFT JOIN pg_catalog.pg_inherits h ON h.inhrelid = i.indexrelid
				LEFT JOIN pg_catalog.pg_class p ON p.oid = h.inhparent
				LEFT JOIN pg_catalog.pg_index pi ON pi.indexrelid = p.oid
				LEFT JOIN pg_catalog.pg_class pt ON pt.oid = pi.indrelid
				LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = pt.relnamespace
				LEFT JOIN LATERAL pg_catalog.pg_partition_ancestors(t.oid) WITH ORDINALITY AS up (relid, level)
				  ON up.relid = pg_catalog.to_regclass(?)
				WHERE (t.oid = pg_catalog.to_regclass(?) OR up.relid IS NOT NULL)
				AND i.indisvalid AND NOT i.indisexclusion
				AND (a.attnum = ANY (i.indkey::int2[]) OR EXISTS (SELECT FROM pg_catalog.pg_depend d
				  WHERE d.classid = 'pg_catalog.pg_class'::regclass AND d.objid = i.indexrelid
				  AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = t.oid
				  AND d.refobjsubid = a.attnum))
				ORDER BY coalesce(up.level, 0), n.nspname, t.relname, c.relname
				""", (row, number) -> {
			TableName table = new TableName(row.getString(1), row.getString(2));
			String definition = Objects.requireNonNull(row.getString(6));
			String head = Objects.requireNonNull(row.getString(8));
			if (!definition.startsWith(head)) {
				throw new IllegalStateException("Unknown form of an index definition: " + definition);
			}
			String parent = row.getString(7);
			return new Original(table, row.getString(3), row.getBoolean(4), definition.substring(head.length()),
					(parent != null) ? new TableName(row.getString(9), parent).quoted() : "", (parent != null)
							? parentCopy(new TableName(row.getString(9), row.getString(10)), parent, change) : "");
		}, change.oldColumn(), change.table().quoted(), change.table().quoted());
		if (originals.isEmpty()) {
			return List.of();
		}
		return this.described.computeIfAbsent(new Described(change, originals), (key) -> Scratch.use(this.ddl,
				"describe the copies of indexes for " + change.id(), (jdbc) -> describe(jdbc, change, originals)));
	}

	private static String copyName(TableName table, String index, ColumnChange change) {
		return ShortName.of("", index, table.quoted(), index, change.oldColumn(), change.newColumn());
	}

	private static String parentCopy(TableName table, String index, ColumnChange change) {
		return new TableName(table.schema(), copyName(table, index, change)).quoted();
	}

	private static List<Copy> describe(JdbcOperations jdbc, ColumnChange change, List<Original> originals) {
		String clone = Identifiers.quote("clone_" + ShortName.hash(change.table().quoted() + change.id()));
		String name = OwnSchema.NAME + "." + clone;
		jdbc.execute("CREATE TABLE " + name + " (LIKE " + change.table().quoted() + ")");
		for (int i = 0; i < originals.size(); i++) {
			jdbc.execute("CREATE INDEX index_" + i + " ON " + name + " " + originals.get(i).rest());
		}
		jdbc.execute("ALTER TABLE " + name + " DROP COLUMN IF EXISTS " + Identifiers.quote(change.newColumn()));
		jdbc.execute("ALTER TABLE " + name + " RENAME COLUMN " + Identifiers.quote(change.oldColumn()) + " TO "
				+ Identifiers.quote(change.newColumn()));
		List<String> definitions = definitions(jdbc, originals.size());
		List<String> wanted = change.fold((rename) -> definitions,
				(type) -> convert(jdbc, type, name, originals, definitions));
		List<Copy> copies = new ArrayList<>();
		for (int i = 0; i < originals.size(); i++) {
			Original original = originals.get(i);
			copies.add(new Copy(original, copyName(original.table(), original.name(), change), wanted.get(i)));
		}
		return copies;
	}

	/**
	 * The same definitions over a column of another type, where they mean the same.
	 */
	private static List<String> convert(JdbcOperations jdbc, ChangeType change, String clone, List<Original> originals,
			List<String> definitions) {
		for (int i = 0; i < originals.size(); i++) {
			Boolean computed = jdbc.queryForObject(
					"""
							SELECT coalesce(i.indexprs::text, '') || coalesce(i.indpred::text, '') ~ (':varattno ' || a.attnum || '\\D')
							FROM pg_catalog.pg_index i JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid
							WHERE i.indexrelid = ?::regclass AND a.attname = ?
							""",
					Boolean.class, OwnSchema.NAME + ".index_" + i, change.newColumn());
			if (Boolean.TRUE.equals(computed)) {
				throw unfit(change, originals.get(i), "it computes with \"" + change.oldColumn()
						+ "\", and what that means for values of another type is not known", null);
			}
		}
		String table = "ALTER TABLE " + clone + " ";
		String column = Identifiers.quote(change.newColumn());
		jdbc.execute(table + "DROP COLUMN " + column);
		jdbc.execute(table + "ADD COLUMN " + column + " " + change.type());
		for (int i = 0; i < originals.size(); i++) {
			try {
				jdbc.execute("DROP INDEX IF EXISTS " + OwnSchema.NAME + ".index_" + i);
				jdbc.execute("CREATE INDEX index_" + i + " ON " + clone + " " + definitions.get(i));
			}
			catch (DataAccessException ex) {
				throw unfit(change, originals.get(i),
						"it does not fit the type " + change.type() + ": " + ex.getMostSpecificCause().getMessage(),
						ex);
			}
		}
		return definitions(jdbc, originals.size());
	}

	private static UnsupportedChangeException unfit(ChangeType change, Original original, String reason,
			@Nullable Throwable cause) {
		return new UnsupportedChangeException(change,
				"the index \"" + original.name() + "\" (" + original.rest() + ") cannot be copied: " + reason + ".",
				"Drop it if the application can do without it, and create on \"" + change.newColumn()
						+ "\" what is needed there.",
				cause);
	}

	private static List<String> definitions(JdbcOperations jdbc, int count) {
		List<String> definitions = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			String definition = Objects.requireNonNull(jdbc.queryForObject(
					"SELECT pg_catalog.pg_get_indexdef(?::regclass)", String.class, OwnSchema.NAME + ".index_" + i));
			definitions.add(definition.substring(definition.indexOf(" USING ") + 1));
		}
		return definitions;
	}

	private record Described(ColumnChange change, List<Original> originals) {

	}

	/**
	 * An index that uses old.
	 *
	 * @param table its table, a partition perhaps
	 * @param name its name
	 * @param partitioned whether its table is partitioned
	 * @param rest its definition from the word USING
	 * @param parent the quoted name of the index it is attached to, or empty
	 * @param parentCopy the quoted name of the copy of that index, or empty
	 */
	private record Original(TableName table, String name, boolean partitioned, String rest, String parent,
			String parentCopy) {

		String quoted() {
			return new TableName(this.table.schema(), this.name).quoted();
		}

	}

	/**
	 * What is to stand beside an index.
	 *
	 * @param original the index
	 * @param name the copy's name, in the table's schema
	 * @param rest the copy's definition from the word USING
	 */
	private record Copy(Original original, String name, String rest) {

		String quoted() {
			return new TableName(this.original.table().schema(), this.name).quoted();
		}

		boolean isUsable(JdbcOperations jdbc) {
			return found(jdbc, true);
		}

		boolean exists(JdbcOperations jdbc) {
			return found(jdbc, false);
		}

		private boolean found(JdbcOperations jdbc, boolean valid) {
			return jdbc.queryForList("""
					SELECT pg_catalog.pg_get_indexdef(i.indexrelid) FROM pg_catalog.pg_index i
					WHERE i.indexrelid = pg_catalog.to_regclass(?) AND i.indrelid = pg_catalog.to_regclass(?)
					AND (i.indisvalid AND i.indisready AND i.indislive OR NOT ?)
					""", String.class, quoted(), this.original.table().quoted(), valid)
				.stream()
				.anyMatch((definition) -> definition.endsWith(" " + this.rest));
		}

		Step step() {
			String tail = Identifiers.quote(this.name) + " ON ";
			if (this.original.partitioned()) {
				return Step.inTransaction("declare the copy of index " + this.original.name(), LockLevel.SHARE,
						"CREATE INDEX " + tail + "ONLY " + this.original.table().quoted() + " " + this.rest);
			}
			return Step.alone("copy index " + this.original.name(), LockLevel.SHARE_UPDATE_EXCLUSIVE,
					"CREATE INDEX CONCURRENTLY " + tail + this.original.table().quoted() + " " + this.rest);
		}

		Optional<Step> attachStep() {
			if (this.original.parentCopy().isEmpty()) {
				return Optional.empty();
			}
			return Optional.of(Step.inTransaction("attach the copy of index " + this.original.name(), LockLevel.NONE,
					"ALTER INDEX " + this.original.parentCopy() + " ATTACH PARTITION " + quoted()));
		}

	}

}
