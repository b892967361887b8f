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
		String columns = table.columns().stream().map((column) -> column(column, "")).collect(Collectors.joining(", "));
		String query = "(SELECT " + columns + " FROM " + this.analysis.text(item.from(), item.nameEnd() - 1) + ")";
		String alias = source.hasWrittenAlias() ? "" : " AS " + this.analysis.tokens().text(item.last());
		this.analysis.edits().replace(item.from(), item.nameEnd() - 1, query + alias);
	}

	private static String column(ChangingTable.FinalColumn column, String qualifier) {
		ColumnRule rule = column.rule();
		return (rule != null) ? item(column, rule, rule.predicate(), qualifier)
				: qualifier + Names.write(column.name());
	}

	/**
	 * An item of a select list that shows a column under its final name.
	 */
	static String item(ChangingTable.FinalColumn column, ColumnRule rule, Reading reading, String qualifier) {
		String name = Names.write(column.name());
		String expression = Analysis.expression(rule, reading, qualifier);
		return (reading == Reading.NEW) ? expression : expression + " AS " + name;
	}

}
