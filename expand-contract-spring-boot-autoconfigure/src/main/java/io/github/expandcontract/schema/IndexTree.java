package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.ShortName;
import io.github.expandcontract.postgres.TableName;

/**
 * The steps by which an index comes and goes on a table and on its partitions.
 * <ol>
 * <li>It is built concurrently under a name that nobody else would choose. What is found
 * under that name is ours: a valid index is used, an invalid one, which an interrupted
 * build has left, is dropped concurrently and built again.</li>
 * <li>One short transaction gives it its name, and the comment by which it is known as
 * ours.</li>
 * </ol>
 * On a partitioned table the parent's index is declared first, that of each partition is
 * built concurrently and attached to it. One that a partition got when it was created is
 * taken as it is.
 *
 * @param change the change
 * @param name the name that the index is to have
 * @param unique whether it is unique
 * @param definition what stands behind the table's name
 * @param rest the definition from the word USING, as the catalog spells it
 */
record IndexTree(TableChange change, String name, boolean unique, String definition, String rest) {

	private static final String NODES = """
			SELECT n.nspname, c.relname, c.relkind = 'p', pn.nspname, p.relname
			FROM pg_catalog.pg_class c
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			LEFT JOIN LATERAL pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)) tree ON tree.relid = c.oid
			LEFT JOIN pg_catalog.pg_class p ON p.oid = tree.parentrelid AND c.oid <> pg_catalog.to_regclass(?)
			LEFT JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
			WHERE c.oid = pg_catalog.to_regclass(?) OR tree.relid IS NOT NULL
			ORDER BY coalesce(tree.level, 0), n.nspname, c.relname
			""";

	/**
	 * Whether the index is there under its name and can be used.
	 */
	boolean isUsable(JdbcOperations jdbc) {
		return isUsable(jdbc, this.change.table(), quoted(this.name));
	}

	boolean isTaken(JdbcOperations jdbc, String quoted) {
		return Boolean.TRUE
			.equals(jdbc.queryForObject("SELECT pg_catalog.to_regclass(?) IS NOT NULL", Boolean.class, quoted));
	}

	boolean isOurs(JdbcOperations jdbc) {
		return Boolean.TRUE.equals(jdbc.queryForObject("""
				SELECT coalesce(pg_catalog.obj_description(pg_catalog.to_regclass(?), 'pg_class') = ?, false)
				""", Boolean.class, quoted(this.name), Marker.made(this.change)));
	}

	private boolean isUsable(JdbcOperations jdbc, TableName table, String quoted) {
		return jdbc.queryForList("""
				SELECT pg_catalog.pg_get_indexdef(i.indexrelid) FROM pg_catalog.pg_index i
				WHERE i.indexrelid = pg_catalog.to_regclass(?) AND i.indrelid = pg_catalog.to_regclass(?)
				AND i.indisunique = ? AND i.indisvalid AND i.indisready AND i.indislive
				""", String.class, quoted, table.quoted(), this.unique)
			.stream()
			.anyMatch((text) -> text.endsWith(" " + this.rest));
	}

	/**
	 * What is still missing.
	 */
	List<StepGroup> build(JdbcOperations jdbc) {
		List<StepGroup> groups = new ArrayList<>();
		Map<TableName, String> built = new HashMap<>();
		for (Node node : nodes(jdbc)) {
			String own = node.isRoot() ? provisional() : partitionName(node.table());
			String quoted = new TableName(node.table().schema(), own).quoted();
			TableName parent = node.parent();
			String parentIndex = (parent != null) ? built.getOrDefault(parent, "") : "";
			Optional<String> attached = attached(jdbc, parentIndex, node.table());
			built.put(node.table(), attached.orElse(quoted));
			if (attached.isEmpty()) {
				boolean there = isTaken(jdbc, quoted);
				if (there && !node.partitioned() && !isUsable(jdbc, node.table(), quoted)) {
					groups.add(dropAlone("drop what an interrupted build has left", quoted));
					there = false;
				}
				if (!there) {
					groups.add(StepGroup.of(create(node, own)));
				}
				if (!parentIndex.isEmpty()) {
					groups.add(StepGroup.of(Step.inTransaction("attach it to the index of the partitioned table",
							LockLevel.NONE, "ALTER INDEX " + parentIndex + " ATTACH PARTITION " + quoted)));
				}
			}
		}
		groups.add(StepGroup.of(
				Step.inTransaction("give the index its name", LockLevel.NONE,
						"ALTER INDEX " + quoted(provisional()) + " RENAME TO " + Identifiers.quote(this.name)),
				Step.inTransaction("mark the index as ours", LockLevel.NONE,
						"COMMENT ON INDEX " + quoted(this.name) + " IS " + Sql.literal(Marker.made(this.change)))));
		return groups;
	}

	private Step create(Node node, String own) {
		String head = "CREATE " + (this.unique ? "UNIQUE " : "") + "INDEX ";
		if (node.partitioned()) {
			return Step.inTransaction("declare the index of the partitioned table", LockLevel.SHARE,
					head + Identifiers.quote(own) + " ON ONLY " + node.table().quoted() + " " + this.definition);
		}
		return Step.alone("build the index", LockLevel.SHARE_UPDATE_EXCLUSIVE, head + "CONCURRENTLY "
				+ Identifiers.quote(own) + " ON " + node.table().quoted() + " " + this.definition);
	}

	/**
	 * What takes away all of it that is ours.
	 * @param present whether to go by an index that is there under its name, for a plan
	 */
	List<StepGroup> drop(JdbcOperations jdbc, boolean present) {
		List<StepGroup> groups = new ArrayList<>();
		List<Node> nodes = nodes(jdbc);
		boolean partitioned = nodes.get(0).partitioned();
		if (present) {
			groups.add(partitioned ? dropTree(quoted(this.name)) : dropAlone("drop the index", quoted(this.name)));
		}
		if (isTaken(jdbc, quoted(provisional()))) {
			groups.add(partitioned ? dropTree(quoted(provisional()))
					: dropAlone("drop what an interrupted build has left", quoted(provisional())));
		}
		for (Node node : nodes) {
			String quoted = new TableName(node.table().schema(), partitionName(node.table())).quoted();
			if (!node.isRoot() && isTaken(jdbc, quoted) && !isAttached(jdbc, quoted)) {
				groups.add(node.partitioned() ? dropTree(quoted)
						: dropAlone("drop what an interrupted build has left", quoted));
			}
		}
		return groups;
	}

	private StepGroup dropTree(String quoted) {
		return StepGroup.transaction(
				Step.inTransaction("wait for the locks on all partitions, together no longer than the lock timeout",
						LockLevel.ACCESS_EXCLUSIVE,
						"LOCK TABLE " + this.change.table().quoted() + " IN ACCESS EXCLUSIVE MODE"),
				Step.inTransaction("drop the index with those of the partitions", LockLevel.ACCESS_EXCLUSIVE,
						"DROP INDEX IF EXISTS " + quoted));
	}

	private static StepGroup dropAlone(String purpose, String quoted) {
		return StepGroup
			.of(Step.alone(purpose, LockLevel.SHARE_UPDATE_EXCLUSIVE, "DROP INDEX CONCURRENTLY IF EXISTS " + quoted));
	}

	/**
	 * The names, quoted, that a build of ours may be at work on.
	 */
	List<String> builds(JdbcOperations jdbc) {
		return nodes(jdbc).stream()
			.map((node) -> node.isRoot() ? quoted(provisional())
					: new TableName(node.table().schema(), partitionName(node.table())).quoted())
			.toList();
	}

	/**
	 * The name that the index has while it is built.
	 */
	String provisional() {
		return ShortName.of("", this.name, this.change.table().quoted(), this.name, this.change.id());
	}

	private String partitionName(TableName partition) {
		return ShortName.of("", this.name, partition.quoted(), this.name, this.change.id());
	}

	String quoted(String index) {
		return new TableName(this.change.table().schema(), index).quoted();
	}

	private static Optional<String> attached(JdbcOperations jdbc, String parentIndex, TableName table) {
		if (parentIndex.isEmpty()) {
			return Optional.empty();
		}
		return jdbc
			.query("""
					SELECT n.nspname, c.relname FROM pg_catalog.pg_inherits h
					JOIN pg_catalog.pg_index i ON i.indexrelid = h.inhrelid
					JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
					JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
					WHERE h.inhparent = pg_catalog.to_regclass(?) AND i.indrelid = pg_catalog.to_regclass(?)
					""", (row, number) -> new TableName(row.getString(1), row.getString(2)).quoted(), parentIndex,
					table.quoted())
			.stream()
			.findFirst();
	}

	private static boolean isAttached(JdbcOperations jdbc, String index) {
		return Boolean.TRUE.equals(jdbc.queryForObject(
				"SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = pg_catalog.to_regclass(?))",
				Boolean.class, index));
	}

	private List<Node> nodes(JdbcOperations jdbc) {
		String table = this.change.table().quoted();
		return jdbc.query(NODES, (row, number) -> {
			String parent = row.getString(5);
			return new Node(new TableName(row.getString(1), row.getString(2)), row.getBoolean(3),
					(parent != null) ? new TableName(row.getString(4), parent) : null);
		}, table, table, table);
	}

	/**
	 * A table that has an index of the tree.
	 *
	 * @param table the table
	 * @param partitioned whether it is partitioned
	 * @param parent the table that it is a partition of, {@code null} at the root
	 */
	private record Node(TableName table, boolean partitioned, @Nullable TableName parent) {

		boolean isRoot() {
			return this.parent == null;
		}

	}

}
