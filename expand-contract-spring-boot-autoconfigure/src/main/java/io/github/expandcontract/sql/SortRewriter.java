package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * Rewrites ORDER BY, DISTINCT ON and GROUP BY, where a bare name may mean an item of the
 * select list instead of a column.
 */
final class SortRewriter {

	private final Analysis analysis;

	private final NaturalNames naturalNames;

	private final References references;

	SortRewriter(Analysis analysis, NaturalNames naturalNames, References references) {
		this.analysis = analysis;
		this.naturalNames = naturalNames;
		this.references = references;
	}

	/**
	 * Rewrites ORDER BY behind a set operation, which names only what that puts out.
	 */
	void byOutputs(List<Expression> expressions, Scope scope) {
		for (Expression expression : expressions) {
			if (bareName(expression) != null) {
				this.analysis.account().settle(expression.from());
			}
			else {
				this.references.expression(expression, scope, Use.PREDICATE);
			}
		}
	}

	/**
	 * Rewrites expressions that bind to an item of the select list first and to a column
	 * of the sources second. Where the item is a changing column, what it is sorted by is
	 * written out, so that an index can serve it.
	 */
	void byOutputsOrInputs(List<Expression> expressions, Query.Select select, Scope scope) {
		for (Expression expression : expressions) {
			String name = bareName(expression);
			Query.Item item = (name != null) ? item(select, name) : itemAt(select, expression);
			Element.Reference reference = expression.bareReference();
			if (item == null && name != null && reference != null && this.analysis.changes().isColumn(name)) {
				List<Source> owners = ownersInStars(select, name, scope);
				if (owners.size() == 1 && owners.get(0).table() != null && !scope.isMerged(name)) {
					this.references.resolve(reference, owners.get(0), scope);
				}
				else if (!owners.isEmpty()) {
					this.analysis.account().settle(expression.from());
				}
			}
			if (item == null) {
				this.references.expression(expression, scope, Use.PREDICATE);
				keepFromLabels(this.analysis.readOf(expression.bareReference()), select, scope);
				continue;
			}
			this.analysis.account().settle(expression.from());
			Read read = this.analysis.readOf(item.expression().bareReference());
			boolean ambiguous = read != null && name != null && isAmbiguous(read, name, select, scope);
			if (read != null && !select.distinct() && !ambiguous) {
				keepFromLabels(read, select, scope);
				sortByColumn(expression, read, name != null);
			}
		}
	}

	/**
	 * Whether several items of a name differ, so that the server refuses the name and has
	 * to go on refusing it.
	 */
	private boolean isAmbiguous(Read read, String name, Query.Select select, Scope scope) {
		return select.items().stream().anyMatch((item) -> isNamed(item, name) && !isSame(item.expression(), read))
				|| ownersInStars(select, name, scope).stream().anyMatch((owner) -> owner != read.source());
	}

	private boolean isSame(Expression expression, Read read) {
		Element.Reference reference = this.naturalNames.reference(expression);
		Read other = this.analysis.readOf(reference);
		if (reference == null || other == null || other.source() != read.source()
				|| !other.rule().equals(read.rule())) {
			return false;
		}
		int brackets = reference.first() - expression.from();
		return expression.to() - 1 - reference.last() == brackets
				&& this.analysis.tokens().get(expression.from()).is(TokenKind.OPEN) == brackets > 0;
	}

	/**
	 * The sources whose column of a name stands in the select list by a star, which is as
	 * good as a label.
	 */
	private List<Source> ownersInStars(Query.Select select, String name, Scope scope) {
		List<Source> owners = new ArrayList<>();
		for (Query.Item item : select.items()) {
			Element.Reference star = item.expression().bareReference();
			if (star != null && item.isStar(this.analysis.tokens())) {
				List<Source> listed = star.qualified() ? listed(star, scope) : scope.sources();
				listed.stream().filter((source) -> source.owns(name) && !owners.contains(source)).forEach(owners::add);
			}
		}
		return owners;
	}

	private List<Source> listed(Element.Reference star, Scope scope) {
		Source source = this.references.qualifier(star, scope);
		return (source != null) ? List.of(source) : List.of();
	}

	/**
	 * Keeps the name of a column that is read from being taken for the label of an item,
	 * which comes first where it stands alone.
	 */
	private void keepFromLabels(@Nullable Read read, Query.Select select, Scope scope) {
		if (read == null || !read.changes()) {
			return;
		}
		boolean star = select.items().stream().anyMatch((item) -> item.isStar(this.analysis.tokens()));
		for (String column : read.otherColumns()) {
			boolean listed = star
					&& scope.sources().stream().anyMatch((source) -> source.owns(column) || source.columns().open());
			if (listed || item(select, column) != null) {
				this.references.qualify(read, scope);
				return;
			}
		}
	}

	private void sortByColumn(Expression expression, Read read, boolean named) {
		Reading predicate = read.rule().predicate();
		this.analysis.later(() -> {
			if (read.changes() && (named || predicate != read.reading())) {
				this.analysis.edits()
					.replace(expression.from(), expression.to() - 1, this.analysis.text(read, predicate));
			}
		});
	}

	/**
	 * Rewrites GROUP BY, where a bare name means a column first and an item of the select
	 * list second.
	 */
	void groupBy(Query.Select select, Scope scope) {
		for (Expression expression : select.groupBy()) {
			for (Element element : expression.elements()) {
				if (element instanceof Element.Reference reference && !reference.qualified()) {
					labelOrColumn(reference, select, scope);
				}
			}
			this.references.expression(expression, scope, Use.PREDICATE);
		}
	}

	private void labelOrColumn(Element.Reference reference, Query.Select select, Scope scope) {
		String name = this.analysis.name(reference.last());
		boolean column = scope.sources().stream().anyMatch((source) -> source.owns(name));
		if (!this.analysis.changes().isColumn(name) || column || item(select, name) == null) {
			return;
		}
		for (Source source : scope.sources()) {
			ChangingTable table = source.table();
			ColumnRule rule = (table != null) ? table.ruleAgainst(name) : null;
			if (rule != null) {
				throw this.analysis.refuse(reference.last(),
						"The label of an item has the name of a column that goes away, and GROUP BY would take that column.",
						"Give the item another label.");
			}
		}
		this.analysis.account().settle(reference.last());
	}

	private @Nullable String bareName(Expression expression) {
		Element.Reference reference = expression.bareReference();
		boolean bare = reference != null && !reference.qualified()
				&& this.analysis.tokens().get(expression.from()).isName();
		return bare ? this.analysis.name(expression.from()) : null;
	}

	private Query.@Nullable Item item(Query.Select select, String name) {
		return select.items().stream().filter((item) -> isNamed(item, name)).findFirst().orElse(null);
	}

	private boolean isNamed(Query.Item item, String name) {
		int token = (item.alias() >= 0) ? item.alias() : this.naturalNames.token(item.expression());
		return token >= 0 && this.analysis.name(token).equals(name);
	}

	/**
	 * The item that a number stands for.
	 */
	private Query.@Nullable Item itemAt(Query.Select select, Expression expression) {
		Tokens tokens = this.analysis.tokens();
		if (expression.to() - expression.from() != 1 || !tokens.get(expression.from()).is(TokenKind.NUMBER)) {
			return null;
		}
		String number = tokens.text(expression.from());
		int position = number.matches("[0-9]{1,4}") ? Integer.parseInt(number) : 0;
		if (position < 1 || position > select.items().size()
				|| select.items().subList(0, position).stream().anyMatch((item) -> item.isStar(tokens))) {
			return null;
		}
		return select.items().get(position - 1);
	}

}
