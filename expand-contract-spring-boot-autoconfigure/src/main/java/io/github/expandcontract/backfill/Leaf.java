package io.github.expandcontract.backfill;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;

/**
 * A table that holds rows itself: the changing table, or one of its partitions.
 *
 * @param name the name
 * @param keyColumn the primary key if it is a single integer column, else {@code null}
 * @param primaryKey the columns of the primary key, empty if there is none
 * @param blocks size of the heap in blocks
 * @param rows estimated rows, below 0 if never analyzed
 */
record Leaf(TableName name, @Nullable String keyColumn, List<String> primaryKey, long blocks, long rows) {

	/**
	 * What tells a person which row it is, as an expression of text over the alias
	 * {@code t}.
	 */
	String locator() {
		if (this.primaryKey.isEmpty()) {
			return "t.ctid::text";
		}
		String columns = this.primaryKey.stream()
			.map((column) -> "t." + Identifiers.quote(column))
			.collect(Collectors.joining(", "));
		return (this.primaryKey.size() == 1) ? columns + "::text" : "ROW(" + columns + ")::text";
	}

}
