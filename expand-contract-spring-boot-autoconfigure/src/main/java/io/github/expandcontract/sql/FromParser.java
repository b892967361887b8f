package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;

/**
 * Parses the items of FROM and USING, and the targets of writing statements.
 */
final class FromParser {

	private final Cursor cursor;

	private final ExpressionParser expressions;

	private final QueryParser queries;

	FromParser(Cursor cursor, ExpressionParser expressions, QueryParser queries) {
		this.cursor = cursor;
		this.expressions = expressions;
		this.queries = queries;
	}

	List<FromItem> items() {
		List<FromItem> items = new ArrayList<>();
		do {
			items.add(item());
		}
		while (this.cursor.accept(TokenKind.COMMA));
		return items;
	}

	/**
	 * Parses an item with all that is joined to it.
	 */
	FromItem item() {
		FromItem first = primary();
		List<FromItem.Join> joins = new ArrayList<>();
		while (atJoin()) {
			joins.add(join());
		}
		return joins.isEmpty() ? first : new FromItem.Joined(first, joins, FromItem.Alias.NONE);
	}

	private boolean atJoin() {
		return this.cursor.atAny("join", "inner", "left", "right", "full", "cross", "natural");
	}

	private FromItem.Join join() {
		this.cursor.enter();
		boolean natural = this.cursor.accept("natural");
		boolean cross = this.cursor.accept("cross");
		boolean fillsLeft = this.cursor.atAny("right", "full");
		boolean fillsRight = this.cursor.atAny("left", "full");
		if (!cross && !this.cursor.accept("inner") && this.cursor.acceptAny("left", "right", "full")) {
			this.cursor.accept("outer");
		}
		this.cursor.expect("join");
		FromItem item = primary();
		Expression on = null;
		List<Integer> using = List.of();
		int alias = -1;
		if (!natural && !cross) {
			if (atJoin()) {
				item = nested(item);
			}
			if (this.cursor.accept("on")) {
				on = this.expressions.expression();
			}
			else {
				this.cursor.expect("using");
				using = usingColumns();
				alias = this.cursor.accept("as") ? this.cursor.label() : -1;
			}
		}
		this.cursor.leave();
		return new FromItem.Join(item, natural, fillsLeft, fillsRight, on, using, alias);
	}

	/**
	 * Parses joins that bind closer than the one that they stand in, as in
	 * {@code a JOIN b
	 * JOIN c ON .. ON ..}.
	 */
	private FromItem nested(FromItem first) {
		List<FromItem.Join> joins = new ArrayList<>();
		while (atJoin()) {
			joins.add(join());
		}
		return new FromItem.Joined(first, joins, FromItem.Alias.NONE);
	}

	private List<Integer> usingColumns() {
		List<Integer> columns = new ArrayList<>();
		this.cursor.expect(TokenKind.OPEN);
		do {
			columns.add(this.cursor.name());
		}
		while (this.cursor.accept(TokenKind.COMMA));
		this.cursor.expect(TokenKind.CLOSE);
		return columns;
	}

	private FromItem primary() {
		boolean lateral = this.cursor.accept("lateral");
		if (this.cursor.at(TokenKind.OPEN_BRACE)) {
			return braced();
		}
		if (this.cursor.at(TokenKind.OPEN)) {
			return this.cursor.atQuery() ? derived(lateral) : parenthesized();
		}
		if (this.cursor.at("rows", "from")) {
			return rowsFrom();
		}
		int first = this.cursor.index();
		boolean only = this.cursor.at("only");
		if (!only) {
			this.cursor.chain();
			boolean function = this.cursor.at(TokenKind.OPEN);
			this.cursor.moveTo(first);
			if (function) {
				Expression call = this.expressions.expression();
				return new FromItem.Function(call, functionAlias());
			}
		}
		return table(first, this::alias);
	}

	private FromItem derived(boolean lateral) {
		this.cursor.enter();
		this.cursor.expect(TokenKind.OPEN);
		Query query = this.queries.query();
		this.cursor.expect(TokenKind.CLOSE);
		this.cursor.leave();
		return new FromItem.Derived(query, lateral, alias());
	}

	private FromItem parenthesized() {
		this.cursor.enter();
		this.cursor.expect(TokenKind.OPEN);
		FromItem item = item();
		this.cursor.expect(TokenKind.CLOSE);
		this.cursor.leave();
		return new FromItem.Joined(item, List.of(), alias());
	}

	private FromItem braced() {
		this.cursor.enter();
		this.cursor.next();
		FromItem item = item();
		this.cursor.expect(TokenKind.CLOSE_BRACE);
		this.cursor.leave();
		return item;
	}

	private FromItem rowsFrom() {
		this.cursor.next();
		this.cursor.next();
		Expression calls = this.expressions.bracket();
		return new FromItem.Function(calls, functionAlias());
	}

	/**
	 * Parses a table without an alias.
	 */
	FromItem.TableRef table() {
		return table(this.cursor.index(), () -> FromItem.Alias.NONE);
	}

	/**
	 * Parses the target of a writing statement.
	 * @param bare whether its alias may stand without AS
	 */
	FromItem.TableRef target(boolean bare) {
		return table(this.cursor.index(), () -> {
			boolean marked = this.cursor.accept("as");
			boolean unmarked = bare && isAlias() && !this.cursor.at("set");
			return new FromItem.Alias((marked || unmarked) ? this.cursor.label() : -1, List.of());
		});
	}

	private FromItem.TableRef table(int from, Supplier<FromItem.Alias> aliases) {
		boolean only = this.cursor.accept("only");
		boolean parentheses = only && this.cursor.accept(TokenKind.OPEN);
		int first = this.cursor.index();
		int last = this.cursor.chain();
		for (int i = first; i <= last; i++) {
			this.cursor.settle(i);
		}
		if (parentheses) {
			this.cursor.expect(TokenKind.CLOSE);
		}
		this.cursor.accept(TokenKind.STAR);
		int nameEnd = this.cursor.index();
		FromItem.Alias alias = aliases.get();
		Expression sample = null;
		if (this.cursor.accept("tablesample")) {
			sample = this.expressions.expression();
			if (this.cursor.accept("repeatable")) {
				this.expressions.bracket();
			}
		}
		return new FromItem.TableRef(from, first, last, nameEnd, alias, sample);
	}

	private boolean isAlias() {
		Token token = this.cursor.peek();
		return token.isName() && !Keywords.isNoName(token);
	}

	private FromItem.Alias alias() {
		if (!this.cursor.accept("as") && !isAlias()) {
			return FromItem.Alias.NONE;
		}
		int token = this.cursor.label();
		return new FromItem.Alias(token, this.cursor.at(TokenKind.OPEN) ? this.queries.labels() : List.of());
	}

	/**
	 * Parses a function's alias, which may define its columns with their types.
	 */
	private FromItem.Alias functionAlias() {
		if (this.cursor.accept("with")) {
			this.cursor.expect("ordinality");
		}
		boolean as = this.cursor.accept("as");
		int token = (as ? this.cursor.peek().isName() : isAlias()) ? this.cursor.label() : -1;
		if (!this.cursor.at(TokenKind.OPEN)) {
			return new FromItem.Alias(token, List.of());
		}
		int close = this.cursor.tokens().match(this.cursor.index());
		if (close < 0) {
			throw this.cursor.unexpected();
		}
		List<Integer> columns = new ArrayList<>();
		while (this.cursor.index() < close) {
			this.cursor.next();
			columns.add(this.cursor.label());
			while (!this.cursor.at(TokenKind.COMMA) && this.cursor.index() < close) {
				if (this.cursor.at(TokenKind.OPEN)) {
					this.cursor.skipGroup();
				}
				else {
					this.cursor.settle(this.cursor.next());
				}
			}
		}
		this.cursor.next();
		return new FromItem.Alias(token, columns);
	}

}
