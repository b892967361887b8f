package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.ShortName;
import io.github.expandcontract.postgres.TableName;

/**
 * What is to stand beside an index.
 *
 * @param table its table, a partition perhaps
 * @param original name of the index that it is a copy of
 * @param name the copy's name, in the table's schema
 * @param partitioned whether the table is partitioned
 * @param unique whether it is unique
 * @param rest its definition from the word USING
 * @param tablespace where it lies if not in the database's own tablespace
 * @param parent the quoted name of the index that it is attached to, or empty
 */
record IndexCopy(TableName table, String original, String name, boolean partitioned, boolean unique, String rest,
		@Nullable String tablespace, String parent) {

	/**
	 * A copy for reading, which is never unique.
	 */
	static IndexCopy of(OriginalIndex original, ColumnChange change, String rest) {
		OriginalIndex.Parent parent = original.parent();
		return new IndexCopy(original.table(), original.name(), name(original.table(), original.name(), change),
				original.partitioned(), false, rest, original.place().tablespace(),
				(parent != null)
						? new TableName(parent.table().schema(), name(parent.table(), parent.name(), change)).quoted()
						: "");
	}

	private static String name(TableName table, String index, ColumnChange change) {
		return ShortName.of("", index, table.quoted(), index, change.oldColumn(), change.newColumn());
	}

	/**
	 * The unique one that takes the original's place, under another name than the copy
	 * for reading.
	 */
	IndexCopy asUnique() {
		return new IndexCopy(this.table, this.original,
				ShortName.of("", this.original, this.table.quoted(), this.name, "unique"), this.partitioned, true,
				this.rest, this.tablespace, "");
	}

	String quoted() {
		return new TableName(this.table.schema(), this.name).quoted();
	}

	boolean isUsable(JdbcOperations jdbc) {
		return found(jdbc, true);
	}

	/**
	 * Whether nothing has to be built. That of a partitioned table becomes valid with
	 * those of its partitions.
	 */
	boolean isBuilt(JdbcOperations jdbc) {
		return found(jdbc, !this.partitioned);
	}

	boolean nameIsTaken(JdbcOperations jdbc) {
		return Boolean.TRUE
			.equals(jdbc.queryForObject("SELECT pg_catalog.to_regclass(?) IS NOT NULL", Boolean.class, quoted()));
	}

	private boolean found(JdbcOperations jdbc, boolean valid) {
		return jdbc.queryForList("""
				SELECT pg_catalog.pg_get_indexdef(i.indexrelid) FROM pg_catalog.pg_index i
				WHERE i.indexrelid = pg_catalog.to_regclass(?) AND i.indrelid = pg_catalog.to_regclass(?)
				AND i.indisunique = ? AND (i.indisvalid AND i.indisready AND i.indislive OR NOT ?)
				""", String.class, quoted(), this.table.quoted(), this.unique, valid)
			.stream()
			.anyMatch((definition) -> definition.endsWith(" " + this.rest));
	}

	Step step() {
		String definition = (this.tablespace != null)
				? Substitution.beforeCondition(this.rest, "TABLESPACE " + Identifiers.quote(this.tablespace))
				: this.rest;
		String kind = this.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
		if (this.partitioned) {
			return Step.inTransaction("declare the copy of index " + this.original, LockLevel.SHARE,
					kind + Identifiers.quote(this.name) + " ON ONLY " + this.table.quoted() + " " + definition);
		}
		return Step.alone((this.unique ? "make new unique as index " : "copy index ") + this.original,
				LockLevel.SHARE_UPDATE_EXCLUSIVE, kind + "CONCURRENTLY " + Identifiers.quote(this.name) + " ON "
						+ this.table.quoted() + " " + definition);
	}

	Optional<Step> attachStep() {
		if (this.parent.isEmpty()) {
			return Optional.empty();
		}
		return Optional.of(Step.inTransaction("attach the copy of index " + this.original, LockLevel.NONE,
				"ALTER INDEX " + this.parent + " ATTACH PARTITION " + quoted()));
	}

	/**
	 * The numbers of the index that a plain copy would not have: what is to be known of
	 * the values that it computes.
	 */
	List<Step> statisticsSteps(JdbcOperations jdbc) {
		List<Step> steps = new ArrayList<>();
		jdbc.query("""
				SELECT o.attnum, o.attstattarget FROM pg_catalog.pg_attribute o
				JOIN pg_catalog.pg_attribute c ON c.attrelid = pg_catalog.to_regclass(?) AND c.attnum = o.attnum
				WHERE o.attrelid = pg_catalog.to_regclass(?) AND coalesce(o.attstattarget, -1) <> -1
				AND o.attstattarget IS DISTINCT FROM c.attstattarget
				ORDER BY o.attnum
				""",
				(row, number) -> Step.inTransaction("give the copy the statistics target of its original",
						LockLevel.SHARE_UPDATE_EXCLUSIVE,
						"ALTER INDEX " + quoted() + " ALTER COLUMN " + row.getInt(1) + " SET STATISTICS "
								+ row.getInt(2)),
				quoted(), new TableName(this.table.schema(), this.original).quoted())
			.forEach(steps::add);
		return steps;
	}

}
