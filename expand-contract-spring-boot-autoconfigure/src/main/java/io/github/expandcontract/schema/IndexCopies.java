package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.schema.FormerIndexes.FormerIndex;

/**
 * Copies of old's indexes on new, for what reads new. They are never unique, because a
 * unique index beside old's makes racing upserts fail.
 */
final class IndexCopies {

	private final Ddl ddl;

	private final IndexBuilder builder;

	private final Map<Described, List<Copied>> described = new ConcurrentHashMap<>();

	IndexCopies(Ddl ddl) {
		this.ddl = ddl;
		this.builder = new IndexBuilder(ddl);
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
			.filter((copied) -> !copied.copy().isUsable(this.ddl.jdbc()))
			.map((copied) -> copied.original().name())
			.distinct()
			.toList();
	}

	List<Step> plan(ColumnChange change) {
		List<Step> steps = new ArrayList<>();
		for (Copied copied : wanted(change)) {
			if (!copied.copy().isUsable(this.ddl.jdbc())) {
				steps.add(copied.copy().step());
				copied.copy().attachStep().ifPresent(steps::add);
			}
		}
		return steps;
	}

	/**
	 * Builds what is missing.
	 * @return whether anything was
	 */
	boolean build(ColumnChange change) {
		boolean built = false;
		for (Copied copied : wanted(change)) {
			built |= this.builder.build(copied.copy());
		}
		return built;
	}

	/**
	 * Builds again on old the indexes that it had before CONTRACT and of which new still
	 * has the copies.
	 */
	void restore(ColumnChange change) {
		JdbcOperations jdbc = this.ddl.jdbc();
		for (FormerIndex index : FormerIndexes.wanted(jdbc, change)) {
			IndexCopy former = new IndexCopy(index.table(), index.name(), index.name(), index.partitioned(), false,
					index.definition(), tablespace(jdbc, new TableName(index.table().schema(), index.copyName())),
					index.parent());
			this.builder.build(former);
			this.builder.run(commentSteps(jdbc, former.quoted(), index.comment()));
		}
	}

	private static @Nullable String tablespace(JdbcOperations jdbc, TableName index) {
		return jdbc.queryForList("""
				SELECT s.spcname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_tablespace s ON s.oid = c.reltablespace
				WHERE c.oid = pg_catalog.to_regclass(?)
				""", String.class, index.quoted()).stream().findFirst().orElse(null);
	}

	static @Nullable String comment(JdbcOperations jdbc, String index) {
		return jdbc
			.query("SELECT pg_catalog.obj_description(pg_catalog.to_regclass(?), 'pg_class')",
					(row, number) -> Optional.ofNullable(row.getString(1)), index)
			.stream()
			.flatMap(Optional::stream)
			.findFirst()
			.orElse(null);
	}

	static List<Step> commentSteps(JdbcOperations jdbc, String index, @Nullable String comment) {
		if (comment == null || comment.equals(comment(jdbc, index))) {
			return List.of();
		}
		return List.of(Step.inTransaction("comment on the index", LockLevel.NONE,
				"COMMENT ON INDEX " + index + " IS " + Sql.literal(comment)));
	}

	List<Copied> wanted(ColumnChange change) {
		List<OriginalIndex> originals = OriginalIndex.all(this.ddl.jdbc(), change);
		return originals.isEmpty() ? List.of()
				: this.described.computeIfAbsent(new Described(change, originals), this::describe);
	}

	private List<Copied> describe(Described key) {
		List<IndexDescription> descriptions = IndexDescription.of(this.ddl, key.change(), key.originals());
		List<Copied> copies = new ArrayList<>();
		for (int i = 0; i < descriptions.size(); i++) {
			OriginalIndex original = key.originals().get(i);
			IndexDescription description = descriptions.get(i);
			copies.add(new Copied(original, description, IndexCopy.of(original, key.change(), description.rest())));
		}
		return List.copyOf(copies);
	}

	private record Described(ColumnChange change, List<OriginalIndex> originals) {

	}

	/**
	 * An index and what is made of it.
	 *
	 * @param original the index on old
	 * @param description what it is over new
	 * @param copy the copy for reading, never unique
	 */
	record Copied(OriginalIndex original, IndexDescription description, IndexCopy copy) {

	}

}
