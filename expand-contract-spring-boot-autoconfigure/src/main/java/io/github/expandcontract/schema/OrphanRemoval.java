package io.github.expandcontract.schema;

import java.util.List;
import java.util.Objects;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;

/**
 * Sets references to nothing NULL, in small transactions.
 * <ol>
 * <li>The heap is gone through from its front to its end, a stretch of blocks at a
 * time.</li>
 * <li>Orphans of the stretch are locked, up to a thousand; rows that somebody else holds
 * are passed over, so nobody is waited for.</li>
 * <li>A second statement of the same transaction, which sees all that was committed
 * before the locks came, looks again and sets those NULL that still refer to
 * nothing.</li>
 * </ol>
 * What was passed over is found by the next time through.
 */
final class OrphanRemoval {

	private static final int BATCH = 1000;

	private static final long STRETCH = 4096;

	private final Ddl ddl;

	private final TableName table;

	private final List<String> columns;

	private final String orphans;

	/**
	 * Creates a removal.
	 * @param orphans the condition of a row with the alias {@code t}
	 */
	OrphanRemoval(Ddl ddl, TableName table, List<String> columns, String orphans) {
		this.ddl = ddl;
		this.table = table;
		this.columns = columns;
		this.orphans = orphans;
	}

	/**
	 * Goes through the table once.
	 * @param goOn asked before each transaction
	 * @return how many rows were changed
	 */
	long run(BooleanSupplier goOn) {
		long changed = 0;
		for (String leaf : leaves()) {
			long blocks = Objects.requireNonNull(this.ddl.jdbc()
				.queryForObject("SELECT pg_catalog.pg_relation_size(pg_catalog.to_regclass(?)) "
						+ "/ pg_catalog.current_setting('block_size')::bigint", Long.class, leaf));
			for (long block = 0; block <= blocks && goOn.getAsBoolean(); block += STRETCH) {
				changed += stretch(leaf, block, goOn);
			}
		}
		return changed;
	}

	private long stretch(String leaf, long block, BooleanSupplier goOn) {
		long changed = 0;
		int last = BATCH;
		while (last == BATCH && goOn.getAsBoolean()) {
			last = this.ddl.inTransaction("set references to nothing null", (jdbc) -> batch(jdbc, leaf, block));
			changed += last;
		}
		return changed;
	}

	private int batch(JdbcOperations jdbc, String leaf, long block) {
		jdbc.execute("SET LOCAL row_security = off");
		List<String> locked = jdbc.queryForList(lock(leaf), String.class, "(" + block + ",0)",
				"(" + (block + STRETCH) + ",0)");
		return locked.isEmpty() ? 0 : jdbc.update(update(leaf), (Object) locked.toArray(String[]::new));
	}

	private String lock(String leaf) {
		return "SELECT t.ctid::text FROM ONLY " + leaf + " t WHERE t.ctid >= ?::tid AND t.ctid < ?::tid AND "
				+ this.orphans + " LIMIT " + BATCH + " FOR UPDATE OF t SKIP LOCKED";
	}

	private String update(String leaf) {
		String assignments = this.columns.stream()
			.map((column) -> Identifiers.quote(column) + " = NULL")
			.collect(Collectors.joining(", "));
		return "UPDATE ONLY " + leaf + " t SET " + assignments + " WHERE t.ctid = ANY (?::tid[]) AND " + this.orphans;
	}

	/**
	 * The statements that go over the rows.
	 */
	List<Step> steps() {
		String stretches = "stretch by stretch, until none is left";
		return leaves().stream()
			.flatMap((leaf) -> Stream.of(
					Step.inTransaction("lock references to nothing, skipping rows that others hold", LockLevel.NONE,
							lock(leaf))
						.once(stretches),
					Step.inTransaction("set them null", LockLevel.NONE, update(leaf)).once("where there are some")))
			.toList();
	}

	private List<String> leaves() {
		return this.ddl.jdbc().query("""
				WITH RECURSIVE tree AS (
				  SELECT pg_catalog.to_regclass(?)::oid AS oid
				  UNION SELECT i.inhrelid FROM pg_catalog.pg_inherits i JOIN tree ON tree.oid = i.inhparent)
				SELECT n.nspname, c.relname FROM tree JOIN pg_catalog.pg_class c ON c.oid = tree.oid
				JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
				WHERE c.relkind = 'r' ORDER BY c.oid
				""", (row, number) -> new TableName(row.getString(1), row.getString(2)).quoted(), this.table.quoted());
	}

}
