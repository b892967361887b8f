package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.AddForeignKey;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.ShortName;
import io.github.expandcontract.postgres.SqlStates;
import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.postgres.TableName;

/**
 * A foreign key: DUAL_WRITE holds new rows to it, BACKFILL looks at the others. It is
 * known to both tables, so both are locked when it comes or goes: the referenced one
 * first, as a transaction does that writes a row and then others that refer to it.
 */
final class ForeignKeyAddition implements Addition {

	private static final int NOT_VALID_ON_PARTITIONED = 18;

	private final AddForeignKey change;

	private final Ddl ddl;

	private volatile boolean tried;

	ForeignKeyAddition(AddForeignKey change, Ddl ddl) {
		this.change = change;
		this.ddl = ddl;
	}

	private String definition(String referenced) {
		return "FOREIGN KEY (" + quoted(this.change.columns()) + ") REFERENCES " + referenced + " ("
				+ quoted(this.change.referencedColumns()) + ")" + (this.change.matchFull() ? " MATCH FULL" : "")
				+ " ON DELETE " + this.change.onDelete().sql() + " ON UPDATE " + this.change.onUpdate().sql()
				+ this.change.timing().sql();
	}

	private static String quoted(List<String> columns) {
		return columns.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
	}

	@Override
	public void check(JdbcOperations jdbc) {
		if (TableFacts.isPartitioned(jdbc, this.change.table())
				&& TableFacts.serverVersion(jdbc) < NOT_VALID_ON_PARTITIONED) {
			throw new UnsupportedChangeException(this.change,
					"before PostgreSQL 18 a foreign key from a partitioned table cannot be added without reading all "
							+ "rows while nobody may write.",
					"Declare the foreign key on each partition that holds rows; when all have it, a migration can add it "
							+ "to the table. Or upgrade the server first.");
		}
		read(jdbc).ifPresent((found) -> {
			if (!found.shape().equals(shape())) {
				throw ConstraintFacts.different(this.change, found.definition());
			}
		});
		if (!this.tried) {
			attempt();
			this.tried = true;
		}
		if (this.change.settingOrphansNull()) {
			requireNullable(jdbc);
		}
	}

	private void attempt() {
		try {
			Scratch.use(this.ddl, "try the foreign key of " + this.change.id(), (jdbc) -> {
				String name = "trial_" + ShortName.hash(this.change.id());
				boolean self = this.change.referenced().equals(this.change.table());
				String target = Trial.clone(jdbc, this.change.referenced(), name + "_to", " INCLUDING INDEXES");
				String clone = self ? target : Trial.clone(jdbc, this.change.table(), name, "");
				jdbc.execute("ALTER TABLE " + clone + " ADD " + definition(target));
				return name;
			});
		}
		catch (DataAccessException ex) {
			throw new UnsupportedChangeException(this.change,
					"PostgreSQL refuses it: " + ex.getMostSpecificCause().getMessage() + ".",
					switch (SqlStates.of(ex).orElse("")) {
						case SqlStates.INVALID_FOREIGN_KEY ->
							"Make the referenced columns unique first, as by addUnique(\"" + this.change.referenced()
									+ "\", …) taken to contract; a deferrable or partial one does not count.";
						case SqlStates.DATATYPE_MISMATCH ->
							"Give both sides comparable types first, by a change of type.";
						default -> "Correct the declaration.";
					}, ex);
		}
	}

	private void requireNullable(JdbcOperations jdbc) {
		List<String> nullable = nullable(jdbc);
		if (nullable.isEmpty() || (this.change.matchFull() && nullable.size() < this.change.columns().size())) {
			throw new UnsupportedChangeException(this.change,
					"rows that refer to nothing shall be set NULL, but the columns do not allow that: "
							+ String.join(", ", this.change.columns()) + ".",
					"Leave out settingOrphansNull() and mend those rows, or let the columns be NULL.");
		}
	}

	private List<String> nullable(JdbcOperations jdbc) {
		Table table = table(jdbc, this.change.table());
		return this.change.columns()
			.stream()
			.filter((name) -> table.column(name).filter((column) -> !column.notNull()).isPresent())
			.toList();
	}

	private static Table table(JdbcOperations jdbc, TableName name) {
		return new Catalog(jdbc).table(name).orElseThrow();
	}

	/**
	 * What orphans are set NULL by.
	 */
	OrphanRemoval removal(JdbcOperations jdbc) {
		return new OrphanRemoval(this.ddl, this.change.table(), nullable(jdbc), orphans(jdbc, "t"));
	}

	/**
	 * The condition of a row that the foreign key will not have.
	 */
	private String orphans(JdbcOperations jdbc, String alias) {
		Table from = table(jdbc, this.change.table());
		Table target = table(jdbc, this.change.referenced());
		List<String> columns = this.change.columns()
			.stream()
			.map((name) -> alias + "." + Identifiers.quote(name))
			.toList();
		List<String> pairs = new ArrayList<>();
		for (int i = 0; i < columns.size(); i++) {
			String referenced = this.change.referencedColumns().get(i);
			pairs.add("referenced." + Identifiers.quote(referenced) + " = " + columns.get(i)
					+ collation(from, this.change.columns().get(i), target, referenced));
		}
		String nowhere = "NOT EXISTS (SELECT FROM " + this.change.referenced().quoted() + " referenced WHERE "
				+ String.join(" AND ", pairs) + ")";
		List<String> filled = columns.stream().map((column) -> column + " IS NOT NULL").toList();
		return this.change.matchFull() ? "(" + String.join(" OR ", filled) + ") AND (NOT ("
				+ String.join(" AND ", filled) + ") OR " + nowhere + ")"
				: String.join(" AND ", filled) + " AND " + nowhere;
	}

	/*
	 * Two collations in one comparison are an error; the foreign key goes by the
	 * referenced one.
	 */
	private static String collation(Table from, String column, Table target, String referenced) {
		String one = from.column(column).map(Column::collation).orElse(null);
		String other = target.column(referenced).map(Column::collation).orElse(null);
		return Objects.equals(one, other) ? "" : " COLLATE " + ((other != null) ? other : "pg_catalog.\"default\"");
	}

	@Override
	public Stage stage(JdbcOperations jdbc) {
		return read(jdbc).map((found) -> found.validated() ? Stage.COMPLETE : Stage.NEW_ROWS).orElse(Stage.NOTHING);
	}

	@Override
	public Stage shown(Stage reached) {
		return reached.reaches(Stage.ALL_ROWS) ? Stage.COMPLETE : reached;
	}

	@Override
	public boolean isOurs(JdbcOperations jdbc) {
		return read(jdbc).filter((found) -> Marker.made(this.change).equals(found.comment())).isPresent();
	}

	@Override
	public List<StepGroup> up(JdbcOperations jdbc, Stage stage) {
		return switch (stage) {
			case NOTHING, COMPLETE -> List.of();
			case NEW_ROWS -> List.of(StepGroup.transaction(
					lock(jdbc, LockLevel.SHARE_ROW_EXCLUSIVE, "SHARE ROW EXCLUSIVE"), Step
						.inTransaction("hold new rows to the foreign key", LockLevel.SHARE_ROW_EXCLUSIVE,
								"ALTER TABLE " + this.change.table().quoted() + " ADD CONSTRAINT "
										+ Identifiers.quote(this.change.name()) + " "
										+ definition(this.change.referenced().quoted()) + " NOT VALID")
						.locking(LockLevel.SHARE_ROW_EXCLUSIVE, others()),
					ConstraintSteps.mark(this.change, this.change.name())));
			case ALL_ROWS -> {
				Step validate = ConstraintSteps.validate(this.change.table(), this.change.name());
				yield List.of(StepGroup.of(Step.inTransaction(validate.purpose()
						+ "; takes ROW SHARE, which keeps out no reader and no writer, on " + this.change.referenced(),
						validate.lock(), validate.sql())));
			}
		};
	}

	@Override
	public List<StepGroup> down(JdbcOperations jdbc, Stage from, Stage stage) {
		return (stage == Stage.NOTHING)
				? List.of(StepGroup.transaction(lock(jdbc, LockLevel.ACCESS_EXCLUSIVE, "ACCESS EXCLUSIVE"),
						ConstraintSteps.dropStep(this.change.table(), this.change.name())
							.locking(LockLevel.ACCESS_EXCLUSIVE, others())))
				: List.of();
	}

	/*
	 * Who may refer to a table may not always lock it. Then the statement itself does,
	 * after the other table, each within the lock timeout.
	 */
	private Step lock(JdbcOperations jdbc, LockLevel level, String mode) {
		TableName referenced = this.change.referenced();
		boolean both = !referenced.equals(this.change.table()) && Boolean.TRUE
			.equals(jdbc.queryForObject("SELECT pg_catalog.has_table_privilege(?, 'UPDATE, DELETE, TRUNCATE')",
					Boolean.class, referenced.quoted()));
		return Step
			.inTransaction(
					both ? "wait for the locks on " + referenced + " and " + this.change.table()
							+ ", together no longer than the lock timeout"
							: "wait for the lock, no longer than the lock timeout",
					level,
					"LOCK TABLE " + (both ? referenced.quoted() + ", " : "") + this.change.table().quoted() + " IN "
							+ mode + " MODE")
			.locking(level, both ? others() : List.of());
	}

	private List<TableName> others() {
		TableName referenced = this.change.referenced();
		return referenced.equals(this.change.table()) ? List.of() : List.of(referenced);
	}

	@Override
	public List<TableName> locked() {
		return List.of(this.change.table(), this.change.referenced());
	}

	@Override
	public Optional<BadRows> badRows(JdbcOperations jdbc) {
		Table table = table(jdbc, this.change.table());
		String values = this.change.columns()
			.stream()
			.map((name) -> "coalesce(t." + Identifiers.quote(name) + "::text, 'NULL')")
			.collect(Collectors.joining(" || ', ' || "));
		return Optional
			.of(new BadRows("rows of " + this.change.table() + " that refer to nothing in " + this.change.referenced(),
					this.change.settingOrphansNull() ? "They are set NULL in backfill."
							: "Mend or delete them; it is looked again by itself. Or declare settingOrphansNull().",
					"SELECT 'row ' || " + table.rowKey("t") + " || ' holds (' || " + values + " || ')' FROM "
							+ this.change.table().quoted() + " t WHERE " + orphans(jdbc, "t")));
	}

	@Override
	public Phase gate() {
		return this.change.settingOrphansNull() ? Phase.SWITCH_READS : Phase.BACKFILL;
	}

	@Override
	public Phase returnsTo() {
		return Phase.STOP_DUAL_WRITE;
	}

	@Override
	public List<String> notes(JdbcOperations jdbc) {
		List<String> notes = new ArrayList<>();
		notes.add(
				"From dual-write on a statement that leaves a reference to nothing fails with SQLSTATE 23503, in every "
						+ "release: one on " + this.change.table() + " as well as one on " + this.change.referenced()
						+ ".");
		if (!isIndexed(jdbc)) {
			notes.add("No index of " + this.change.table() + " begins with (" + String.join(", ", this.change.columns())
					+ "), so whoever deletes from " + this.change.referenced()
					+ " or changes a key there reads the whole of " + this.change.table()
					+ ". Declare addIndex(…) on these columns, and let it go first.");
		}
		return notes;
	}

	private boolean isIndexed(JdbcOperations jdbc) {
		return Boolean.TRUE.equals(jdbc.queryForObject(
				"""
						SELECT EXISTS (SELECT FROM pg_catalog.pg_index i
						  WHERE i.indrelid = pg_catalog.to_regclass(?) AND i.indisvalid AND i.indpred IS NULL
						  AND (SELECT pg_catalog.array_agg(a.attname::text ORDER BY a.attname)
						    FROM pg_catalog.unnest((i.indkey::int2[])[0:?]) key
						    JOIN pg_catalog.pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = key)
						    = (SELECT pg_catalog.array_agg(name ORDER BY name COLLATE "C") FROM pg_catalog.unnest(?::text[]) name))
						""",
				Boolean.class, this.change.table().quoted(), this.change.columns().size() - 1,
				this.change.columns().toArray(String[]::new)));
	}

	private String shape() {
		return String.join("|", this.change.referenced().quoted(), String.join(",", this.change.columns()),
				String.join(",", this.change.referencedColumns()), this.change.matchFull() ? "f" : "s",
				this.change.onDelete().code() + "", this.change.onUpdate().code() + "", this.change.timing().name());
	}

	private Optional<Found> read(JdbcOperations jdbc) {
		return jdbc.query("""
				SELECT c.contype = 'f', tn.nspname, t.relname,
				  (SELECT pg_catalog.string_agg(a.attname, ',' ORDER BY k.n)
				    FROM pg_catalog.unnest(c.conkey) WITH ORDINALITY k (attnum, n)
				    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.conrelid AND a.attnum = k.attnum),
				  (SELECT pg_catalog.string_agg(a.attname, ',' ORDER BY k.n)
				    FROM pg_catalog.unnest(c.confkey) WITH ORDINALITY k (attnum, n)
				    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attnum = k.attnum),
				  c.confmatchtype, c.confdeltype, c.confupdtype,
				  CASE WHEN c.condeferred THEN 'DEFERRED' WHEN c.condeferrable THEN 'DEFERRABLE' ELSE 'IMMEDIATE' END,
				  c.convalidated, pg_catalog.pg_get_constraintdef(c.oid),
				  CASE WHEN c.conparentid = 0 THEN pg_catalog.obj_description(c.oid, 'pg_constraint') END
				FROM pg_catalog.pg_constraint c
				LEFT JOIN pg_catalog.pg_class t ON t.oid = c.confrelid
				LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
				WHERE c.conrelid = pg_catalog.to_regclass(?) AND c.conname = ?
				""", (row, number) -> {
			String shape = row.getBoolean(1)
					? String.join("|", new TableName(row.getString(2), row.getString(3)).quoted(), row.getString(4),
							row.getString(5), row.getString(6), row.getString(7), row.getString(8), row.getString(9))
					: "";
			return new Found(shape, row.getBoolean(10), row.getString(11), row.getString(12));
		}, this.change.table().quoted(), this.change.name()).stream().findFirst();
	}

	/**
	 * A constraint of the name.
	 *
	 * @param shape all that makes it what it is, empty if it is no foreign key
	 * @param validated whether the rows that were there before have been looked at
	 * @param definition its definition for messages
	 * @param comment its comment, if any; none where it has become that of the
	 * partitioned table, with which alone it can go
	 */
	private record Found(String shape, boolean validated, String definition, @Nullable String comment) {

	}

}
