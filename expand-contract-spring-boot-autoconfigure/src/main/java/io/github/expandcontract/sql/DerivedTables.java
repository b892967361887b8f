package io.github.expandcontract.sql;

import java.util.stream.Collectors;

/**
 * Puts a derived table of the final shape in a table's place in FROM, where a statement
 * uses the table's rows as a whole. PostgreSQL pulls such a derived table up.
 */
final class DerivedTables {

	private final Analysis analysis;

	DerivedTables(Analysis analysis) {
		this.analysis = analysis;
	}

	void replace(Source source) {
		FromItem.TableRef item = source.item();
		ChangingTable table = source.table();
		String obstacle = (source.role() != Source.Role.READ) ? "the table is being written" : source.obstacle();
		if (item == null || table == null || obstacle != null) {
			throw this.analysis.refuse(source.derivedAt(),
					"The statement uses all columns of a changing table at once, which cannot be rewritten where "
							+ obstacle + ".",
					"Name the columns that are needed.");
		}
		String columns = table.columns()
			.stream()
			.map((column) -> column(table, column))
			.collect(Collectors.joining(", "));
		String query = "(SELECT " + columns + " FROM " + this.analysis.text(item.from(), item.nameEnd() - 1) + ")";
		String alias = source.hasWrittenAlias() ? "" : " AS " + this.analysis.tokens().text(item.last());
		this.analysis.edits().replace(item.from(), item.nameEnd() - 1, query + alias);
	}

	private static String column(ChangingTable table, ChangingTable.FinalColumn column) {
		ColumnRule rule = column.rule();
		return (rule != null) ? item(table, rule, rule.predicate(), false, "") : Names.write(column.name());
	}

	/**
	 * An item of a select list that shows a column under its final name.
	 * @param missing whether there may be no row
	 */
	static String item(ChangingTable table, ColumnRule rule, Reading reading, boolean missing, String qualifier) {
		String expression = table.expression(rule, reading, missing, (column) -> qualifier + Names.write(column));
		return rule.isAsWritten(reading) ? expression : expression + " AS " + Names.write(rule.name());
	}

}
