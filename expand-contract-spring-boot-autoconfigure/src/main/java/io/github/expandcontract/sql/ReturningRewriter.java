package io.github.expandcontract.sql;

import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.Identifiers;

/**
 * Rewrites RETURNING, and writes one where the driver would have appended its own.
 */
final class ReturningRewriter {

	private final Analysis analysis;

	private final ItemRewriter items;

	ReturningRewriter(Analysis analysis, ItemRewriter items) {
		this.analysis = analysis;
		this.items = items;
	}

	/**
	 * Rewrites RETURNING or the lack of it.
	 * @param keys what the caller wants back
	 * @param to the token behind the statement
	 */
	void returning(Statement.@Nullable Returning returning, Source target, Scope scope, GeneratedKeys keys, int to) {
		if (returning != null) {
			List<String> aliases = returning.aliases().isEmpty() ? List.of("old", "new")
					: returning.aliases().stream().map(this.analysis::name).toList();
			aliases.forEach((alias) -> scope.addAlias(alias, target));
			this.items.items(returning.items(), scope, Use.OUTPUT);
			return;
		}
		ChangingTable table = target.table();
		if (table == null) {
			return;
		}
		String qualifier = (scope.sources().size() > 1) ? Names.write(String.valueOf(target.alias())) + "." : "";
		if (keys instanceof GeneratedKeys.All) {
			append(to, ItemRewriter.columns(table, qualifier, Use.OUTPUT));
		}
		else if (keys instanceof GeneratedKeys.Named named) {
			named(named, table, qualifier, to);
		}
	}

	private void named(GeneratedKeys.Named named, ChangingTable table, String qualifier, int to) {
		boolean changing = false;
		for (String name : named.columns()) {
			ColumnRule lost = table.ruleOfOld(name);
			if (lost != null) {
				throw this.analysis.refuse(to - 1,
						"The column " + Identifiers.quote(name) + " is asked for as a generated key and goes away.",
						"Ask for " + Identifiers.quote(lost.change().newColumn()) + " instead.");
			}
			changing |= table.ruleOfNew(name) != null;
		}
		if (changing) {
			append(to,
					named.columns()
						.stream()
						.map((name) -> ItemRewriter.column(new ChangingTable.FinalColumn(name, table.ruleOfNew(name)),
								qualifier, Use.OUTPUT))
						.collect(Collectors.joining(", ")));
		}
	}

	private void append(int to, String columns) {
		this.analysis.later(() -> this.analysis.edits().insertAfter(to - 1, " RETURNING " + columns));
		this.analysis.returnsKeys();
	}

}
