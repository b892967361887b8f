package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * Rewrites the items of a select list and of RETURNING. What the caller gets keeps the
 * name it will have in the end.
 */
final class ItemRewriter {

	private final Analysis analysis;

	private final NaturalNames naturalNames;

	private final References references;

	ItemRewriter(Analysis analysis, NaturalNames naturalNames, References references) {
		this.analysis = analysis;
		this.naturalNames = naturalNames;
		this.references = references;
	}

	void items(List<Query.Item> items, Scope scope, Use use) {
		for (Query.Item item : items) {
			if (item.isStar(this.analysis.tokens())) {
				if (item.alias() >= 0) {
					throw RefusalException.notUnderstood(this.analysis.tokens().get(item.alias()).start(),
							"A star has a label, which PostgreSQL does not take.");
				}
				star(item, scope, use);
			}
			else {
				this.references.expression(item.expression(), scope, use);
				label(item);
			}
		}
	}

	/**
	 * Writes the name that an item would have had.
	 */
	private void label(Query.Item item) {
		Element.Reference reference = this.naturalNames.reference(item.expression());
		Read read = this.analysis.readOf(reference);
		if (item.alias() >= 0 || reference == null || read == null) {
			return;
		}
		this.analysis.later(() -> {
			if (read.changes()) {
				this.analysis.edits()
					.insertAfter(item.expression().to() - 1, " AS " + this.analysis.tokens().text(reference.last()));
			}
		});
	}

	private void star(Query.Item item, Scope scope, Use use) {
		Element.Reference reference = item.expression().bareReference();
		if (reference == null) {
			return;
		}
		if (reference.qualified()) {
			Source source = this.references.qualifier(reference, scope);
			this.analysis.account().settle(reference.first(), reference.last());
			if (source != null && source.table() != null) {
				String qualifier = this.analysis.tokens()
					.source()
					.substring(this.analysis.tokens().get(reference.first()).start(),
							this.analysis.tokens().get(reference.last()).start());
				boolean missing = this.references.isMissing(source, reference);
				ChangingTable table = source.table();
				this.analysis.later(() -> {
					if (!source.isDerived()) {
						this.analysis.edits()
							.replace(reference.first(), reference.last(), columns(table, qualifier, missing, use));
					}
				});
			}
			return;
		}
		List<Source> sources = all(scope, reference.last());
		this.analysis.later(() -> {
			String columns = columns(sources, use);
			if (columns != null) {
				this.analysis.edits().replace(reference.first(), reference.last(), columns);
			}
		});
	}

	/**
	 * The sources whose columns a star lists.
	 * @param token the token that stands for the star
	 * @return the sources, empty if none of them changes
	 */
	static List<Source> all(Scope scope, int token) {
		List<Source> sources = List.copyOf(scope.sources());
		if (sources.stream().allMatch((source) -> source.table() == null)) {
			return List.of();
		}
		boolean nameless = sources.stream().anyMatch((source) -> source.alias() == null);
		if (scope.isMerging() || nameless) {
			sources.forEach((source) -> source.derive(token));
		}
		return sources;
	}

	/**
	 * All columns of sources as a select list.
	 * @return the list, {@code null} if a star may stay
	 */
	static @Nullable String columns(List<Source> sources, Use use) {
		if (sources.stream().allMatch((source) -> source.table() == null || source.isDerived())) {
			return null;
		}
		List<String> parts = new ArrayList<>();
		for (Source source : sources) {
			String written = (sources.size() > 1) ? Names.write(String.valueOf(source.alias())) + "." : "";
			ChangingTable table = source.table();
			parts.add((table == null || source.isDerived()) ? written + "*"
					: columns(table, written, source.isMissing(null), use));
		}
		return String.join(", ", parts);
	}

	/**
	 * All columns of a table as a select list.
	 */
	private static String columns(ChangingTable table, String qualifier, boolean missing, Use use) {
		List<String> columns = new ArrayList<>();
		for (ChangingTable.FinalColumn column : table.columns()) {
			columns.add(column(table, column, qualifier, missing, use));
		}
		return String.join(", ", columns);
	}

	private static String column(ChangingTable table, ChangingTable.FinalColumn column, String qualifier,
			boolean missing, Use use) {
		ColumnRule rule = column.rule();
		return (rule != null) ? DerivedTables.item(table, rule, use.reading(rule), missing, qualifier)
				: qualifier + Names.write(column.name());
	}

	/**
	 * Rewrites a TABLE command, which is a SELECT of all columns.
	 */
	void table(Query.Select select, Scope scope, Use use) {
		Source source = scope.sources().get(0);
		ChangingTable table = source.table();
		if (table != null) {
			this.analysis.edits()
				.replace(select.from(), select.from(), "SELECT " + columns(table, "", false, use) + " FROM");
		}
	}

}
