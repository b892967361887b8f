package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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
		if (keys instanceof GeneratedKeys.All) {
			all(scope, to);
		}
		else if (keys instanceof GeneratedKeys.Named named) {
			named(named, scope, to);
		}
	}

	/**
	 * What a star would list, which is all that the statement sees.
	 */
	private void all(Scope scope, int to) {
		List<Source> sources = ItemRewriter.all(scope, to - 1);
		this.analysis.later(() -> {
			String columns = ItemRewriter.columns(sources, Use.OUTPUT);
			if (columns != null) {
				append(to, columns);
			}
		});
	}

	private void named(GeneratedKeys.Named named, Scope scope, int to) {
		boolean changing = false;
		List<String> columns = new ArrayList<>();
		for (String name : named.columns()) {
			boolean concerned = scope.sources()
				.stream()
				.anyMatch((source) -> source.losesColumn(name)
						|| (source.table() != null && source.table().ruleOf(name) != null));
			changing |= concerned;
			columns.add(concerned ? key(name, scope, to) : Names.write(name));
		}
		if (changing) {
			this.analysis.later(() -> append(to, String.join(", ", columns)));
		}
	}

	/**
	 * A key whose name is that of a column that changes, though it may be another's.
	 */
	private String key(String name, Scope scope, int to) {
		List<Source> owners = scope.sources().stream().filter((source) -> source.owns(name)).toList();
		if (owners.isEmpty()) {
			throw lost(name, scope, to);
		}
		Source owner = owners.get(0);
		if (owners.size() > 1 || owner.alias() == null || scope.isMerged(name)) {
			throw this.analysis.refuse(to - 1,
					"Several tables have a column " + Identifiers.quote(name)
							+ ", which is asked for as a generated key.",
					"Write a RETURNING clause that says which one is meant.");
		}
		String qualifier = (scope.sources().size() > 1) ? Names.write(String.valueOf(owner.alias())) + "." : "";
		ChangingTable table = owner.table();
		ColumnRule rule = (table != null) ? table.ruleOf(name) : null;
		return (table != null && rule != null)
				? DerivedTables.item(table, rule, Use.OUTPUT.reading(rule), owner.isMissing(null), qualifier)
				: qualifier + Names.write(name);
	}

	private RefusalException lost(String name, Scope scope, int to) {
		String instead = scope.sources()
			.stream()
			.flatMap((source) -> Optional.ofNullable(source.table()).stream())
			.flatMap((table) -> Optional.ofNullable(table.ruleAgainst(name)).stream())
			.flatMap((rule) -> rule.column().instead().stream())
			.distinct()
			.map(Identifiers::quote)
			.collect(Collectors.joining(" and "));
		return this.analysis.refuse(to - 1,
				"The column " + Identifiers.quote(name) + " is asked for as a generated key and goes away.",
				instead.isEmpty() ? "Do not ask for it." : "Ask for " + instead + " instead.");
	}

	private void append(int to, String columns) {
		this.analysis.edits().insertAfter(to - 1, " RETURNING " + columns);
		this.analysis.returnsKeys();
	}

}
