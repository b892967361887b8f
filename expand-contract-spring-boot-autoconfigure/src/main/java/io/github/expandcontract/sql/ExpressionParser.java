package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;

/**
 * Finds where an expression ends and what it names. It knows no operators and no
 * precedence, only where a value is expected and where one has just ended:
 *
 * <ol>
 * <li>Where a value is expected, a name is a reference, a function or a type.</li>
 * <li>Where one has ended, a word is an infix key word, or it ends the expression.</li>
 * <li>Within parentheses everything up to the closing one belongs to the expression, and
 * a word of no known meaning is left unsettled.</li>
 * </ol>
 */
final class ExpressionParser {

	private static final Set<String> INFIX = Set.of("and", "or", "in", "like", "ilike", "similar", "to", "between",
			"symmetric", "asymmetric", "not", "escape", "overlaps", "uescape", "any", "all", "some", "distinct",
			"value", "placing", "operator");

	/**
	 * Words that within parentheses separate expressions, as in
	 * {@code trim(both x from y)}.
	 */
	private static final Set<String> SEPARATORS = Set.of("from", "for", "order", "by", "where", "using", "partition",
			"rows", "range", "groups", "separator", "passing", "content", "document", "format", "when", "then", "else",
			"leading", "trailing", "both", "limit", "group", "variadic");

	private static final Set<String> AFTER_VALUE = Set.of("isnull", "notnull", "asc", "desc", "unbounded", "preceding",
			"following", "current", "row", "exclude", "ties", "others", "no");

	private static final Set<String> CLAUSES = Set.of("from", "where", "group", "having", "window", "order", "limit",
			"offset", "fetch", "for", "union", "intersect", "except", "into", "returning", "on", "using", "as", "when",
			"then", "do", "with", "select");

	private static final Set<String> COLUMN_DEFINING = Set.of("json_table", "xmltable");

	private final Cursor cursor;

	private final QueryParser queries;

	private final TypeParser types;

	ExpressionParser(Cursor cursor, QueryParser queries) {
		this.cursor = cursor;
		this.types = new TypeParser(cursor);
		this.queries = queries;
	}

	private enum Within {

		CLAUSE, PARENTHESES, CASE

	}

	/**
	 * Parses an expression up to a comma, a closing bracket, a clause, or a label.
	 */
	Expression expression() {
		Expression expression = expressionOrNothing();
		if (expression.isEmpty()) {
			throw this.cursor.unexpected();
		}
		return expression;
	}

	Expression expressionOrNothing() {
		List<Element> elements = new ArrayList<>();
		int from = this.cursor.index();
		scan(elements, Within.CLAUSE);
		return new Expression(from, this.cursor.index(), elements);
	}

	/**
	 * Parses expressions with commas between them.
	 */
	List<Expression> list() {
		List<Expression> expressions = new ArrayList<>();
		do {
			expressions.add(expression());
		}
		while (this.cursor.accept(TokenKind.COMMA));
		return expressions;
	}

	/**
	 * Parses what stands in a bracket as one expression, the bracket included.
	 */
	Expression bracket() {
		List<Element> elements = new ArrayList<>();
		int from = this.cursor.index();
		group(elements);
		return new Expression(from, this.cursor.index(), elements);
	}

	private void scan(List<Element> out, Within within) {
		boolean expecting = true;
		while (true) {
			Token token = this.cursor.peek();
			switch (token.kind()) {
				case END, SEMICOLON, CLOSE, CLOSE_BRACKET, CLOSE_BRACE -> {
					return;
				}
				case COMMA -> {
					if (within == Within.CLAUSE) {
						return;
					}
					this.cursor.next();
					expecting = true;
				}
				case WORD, QUOTED -> {
					if (ends(token, within, expecting)) {
						return;
					}
					expecting = expecting ? operand(out, token) : postfix(out, token);
				}
				case OPEN, OPEN_BRACE -> {
					parentheses(out);
					expecting = false;
				}
				case OPEN_BRACKET -> {
					group(out);
					expecting = false;
				}
				case STAR -> {
					expecting = star(out, within, expecting);
				}
				case STRING, NUMBER, PARAMETER, NUMBERED_PARAMETER -> {
					this.cursor.next();
					expecting = false;
				}
				case CAST -> {
					this.cursor.next();
					this.types.type(out);
					expecting = false;
				}
				case DOT -> field(out);
				case OPERATOR, ARROW, COLON -> {
					this.cursor.next();
					expecting = true;
				}
			}
		}
	}

	private boolean ends(Token token, Within within, boolean expecting) {
		if (token.is(TokenKind.QUOTED)) {
			return !expecting && within == Within.CLAUSE;
		}
		return switch (within) {
			case PARENTHESES -> false;
			case CASE -> token.is("end");
			case CLAUSE -> expecting ? CLAUSES.contains(token.name()) : !continues(token);
		};
	}

	private boolean continues(Token token) {
		return switch (token.name()) {
			case "is", "at", "collate", "over", "filter", "within", "isnull", "notnull" -> true;
			case "value" -> false;
			default -> INFIX.contains(token.name());
		};
	}

	private boolean star(List<Element> out, Within within, boolean expecting) {
		int index = this.cursor.next();
		if (expecting && within == Within.CLAUSE) {
			out.add(new Element.Reference(index, index));
		}
		return !expecting;
	}

	/**
	 * Reads a word or a name where a value is expected.
	 * @return whether a value is still expected behind it
	 */
	private boolean operand(List<Element> out, Token token) {
		if (token.is("case")) {
			this.cursor.enter();
			this.cursor.next();
			scan(out, Within.CASE);
			this.cursor.expect("end");
			this.cursor.leave();
			return false;
		}
		if (Keywords.isValue(token)) {
			this.cursor.next();
			return false;
		}
		if (token.is("interval") && this.cursor.peek(1).is(TokenKind.STRING)) {
			this.types.intervalLiteral();
			return false;
		}
		if (token.is("select")) {
			throw this.cursor.unexpected();
		}
		if ((token.is("timestamp") || token.is("time")) && isZoned()) {
			this.types.zonedLiteral();
			return true;
		}
		if (isStringTypeOfWords(token)) {
			this.types.type(out);
			return true;
		}
		if (isOperandKeyword(token)) {
			this.cursor.settle(this.cursor.next());
			return true;
		}
		if (this.cursor.peek(1).is(TokenKind.STRING)) {
			// A literal with its type before it, or an infix word before a literal.
			this.cursor.settle(this.cursor.index());
			out.add(new Element.TypeName(this.cursor.index(), this.cursor.next()));
			return true;
		}
		if (this.cursor.peek(1).is(TokenKind.ARROW)) {
			this.cursor.label();
			this.cursor.next();
			return true;
		}
		return name(out);
	}

	private boolean isZoned() {
		boolean precision = this.cursor.peek(1).is(TokenKind.OPEN) && this.cursor.peek(3).is(TokenKind.CLOSE);
		return this.cursor.peek(precision ? 5 : 2).is("time");
	}

	private boolean isStringTypeOfWords(Token token) {
		Token behind = this.cursor.peek(1);
		return token.is(TokenKind.WORD) && switch (token.name()) {
			case "national" -> behind.is("character") || behind.is("char");
			case "character", "char", "nchar", "bit" -> behind.is("varying");
			default -> false;
		};
	}

	private boolean isOperandKeyword(Token token) {
		Token behind = this.cursor.peek(1);
		if (Keywords.isReserved(token)) {
			return true;
		}
		return token.is(TokenKind.WORD) && switch (token.name()) {
			case "like", "ilike", "similar" -> true;
			case "between" -> !behind.is(TokenKind.DOT);
			case "partition" -> behind.is("by");
			case "rows", "range", "groups" -> behind.is("between") || behind.is("unbounded") || behind.is("current");
			case "unbounded" -> behind.is("preceding") || behind.is("following");
			case "current" -> behind.is("row");
			case "grouping" -> behind.is("sets");
			case "by" -> isAfterSortOrPartition();
			case "zone", "double" -> behind.is(TokenKind.STRING) || behind.is("precision");
			default -> false;
		};
	}

	private boolean isAfterSortOrPartition() {
		Token before = this.cursor.tokens().get(Math.max(0, this.cursor.index() - 1));
		return before.is("order") || before.is("partition");
	}

	private boolean name(List<Element> out) {
		int first = this.cursor.index();
		int last = this.cursor.chain();
		if (!this.cursor.at(TokenKind.OPEN) || this.cursor.tokens().get(last).is(TokenKind.STAR)) {
			out.add(new Element.Reference(first, last));
			return false;
		}
		this.cursor.settle(last);
		out.add(new Element.Call(last));
		String function = this.cursor.tokens().get(last).name();
		if (COLUMN_DEFINING.contains(function)) {
			columnDefining(out);
			return false;
		}
		boolean field = function.equals("extract") && this.cursor.peek(2).is("from");
		if (field) {
			this.cursor.settle(this.cursor.index() + 1);
		}
		parentheses(out);
		return false;
	}

	/**
	 * Reads a function that defines columns. What stands behind COLUMNS is left
	 * unsettled: it may name a column, or define one.
	 */
	private void columnDefining(List<Element> out) {
		int close = this.cursor.tokens().match(this.cursor.index());
		if (close < 0) {
			throw this.cursor.unexpected();
		}
		this.cursor.enter();
		this.cursor.next();
		while (this.cursor.index() < close && !this.cursor.at("columns")) {
			Expression argument = expressionOrNothing();
			out.addAll(argument.elements());
			if (argument.isEmpty() || this.cursor.at(TokenKind.COMMA)) {
				this.cursor.next();
			}
		}
		this.cursor.moveTo(close + 1);
		this.cursor.leave();
	}

	/**
	 * Reads parentheses: a query, or values.
	 */
	private void parentheses(List<Element> out) {
		if (this.cursor.at(TokenKind.OPEN) && this.cursor.atQuery()) {
			this.cursor.enter();
			this.cursor.next();
			out.add(new Element.Subquery(this.queries.query()));
			this.cursor.expect(TokenKind.CLOSE);
			this.cursor.leave();
		}
		else {
			group(out);
		}
	}

	private void group(List<Element> out) {
		int match = this.cursor.tokens().match(this.cursor.index());
		if (match < 0) {
			throw this.cursor.unexpected();
		}
		this.cursor.enter();
		this.cursor.next();
		scan(out, Within.PARENTHESES);
		if (this.cursor.index() != match) {
			throw this.cursor.unexpected();
		}
		this.cursor.next();
		this.cursor.leave();
	}

	private void field(List<Element> out) {
		int close = this.cursor.index() - 1;
		int open = (close >= 0) ? this.cursor.tokens().match(close) : -1;
		Element last = out.isEmpty() ? null : out.get(out.size() - 1);
		boolean ofReference = open >= 0 && this.cursor.tokens().get(open).is(TokenKind.OPEN)
				&& last instanceof Element.Reference reference && reference.first() == open + 1
				&& reference.last() == close - 1;
		this.cursor.next();
		if (this.cursor.accept(TokenKind.STAR)) {
			return;
		}
		out.add(new Element.Field(this.cursor.name(), ofReference));
	}

	/**
	 * Reads a word behind a value.
	 * @return whether a value is expected behind it
	 */
	private boolean postfix(List<Element> out, Token token) {
		if (token.is(TokenKind.QUOTED)) {
			this.cursor.next();
			return false;
		}
		switch (token.name()) {
			case "is" -> {
				return is();
			}
			case "at" -> {
				this.cursor.expect("at");
				boolean zone = this.cursor.accept("time", "zone");
				return zone || !this.cursor.accept("local");
			}
			case "collate" -> {
				this.cursor.next();
				int first = this.cursor.index();
				for (int i = first, last = this.cursor.chain(); i <= last; i++) {
					this.cursor.settle(i);
				}
				return false;
			}
			case "over" -> {
				this.cursor.expect("over");
				over(out);
				return false;
			}
			case "within" -> {
				this.cursor.expect("within");
				this.cursor.expect("group");
				group(out);
				return false;
			}
			case "filter" -> {
				this.cursor.expect("filter");
				group(out);
				return false;
			}
			case "nulls" -> {
				this.cursor.expect("nulls");
				this.cursor.acceptAny("first", "last");
				return false;
			}
			case "operator" -> {
				this.cursor.next();
				if (this.cursor.at(TokenKind.OPEN)) {
					this.cursor.skipGroup();
				}
				return true;
			}
			case "as", "returning" -> {
				this.cursor.next();
				this.types.type(out);
				return false;
			}
			default -> {
				if (AFTER_VALUE.contains(token.name())) {
					this.cursor.settle(this.cursor.next());
					return false;
				}
				boolean known = INFIX.contains(token.name()) || SEPARATORS.contains(token.name());
				int index = this.cursor.next();
				if (known) {
					this.cursor.settle(index);
				}
				return true;
			}
		}
	}

	private boolean is() {
		this.cursor.expect("is");
		this.cursor.accept("not");
		if (this.cursor.accept("distinct")) {
			this.cursor.expect("from");
			return true;
		}
		if (this.cursor.accept("json")) {
			this.cursor.acceptAny("value", "scalar", "array", "object");
			if (this.cursor.acceptAny("with", "without")) {
				this.cursor.expect("unique");
				this.cursor.accept("keys");
			}
			return false;
		}
		if (this.cursor.acceptAny("nfc", "nfd", "nfkc", "nfkd")) {
			this.cursor.expect("normalized");
			return false;
		}
		if (!this.cursor.acceptAny("null", "true", "false", "unknown", "document", "normalized")) {
			throw this.cursor.unexpected();
		}
		return false;
	}

	private void over(List<Element> out) {
		if (this.cursor.at(TokenKind.OPEN)) {
			window(out);
		}
		else {
			this.cursor.label();
		}
	}

	/**
	 * Reads a window's definition in parentheses.
	 */
	void window(List<Element> out) {
		Token first = this.cursor.peek(1);
		Token second = this.cursor.peek(2);
		boolean based = first.isName() && !(first.is("partition") || first.is("order"))
				&& (second.is(TokenKind.CLOSE) || second.is("partition") || second.is("order") || second.is("rows")
						|| second.is("range") || second.is("groups"));
		if (!based) {
			group(out);
			return;
		}
		int match = this.cursor.tokens().match(this.cursor.index());
		this.cursor.enter();
		this.cursor.next();
		this.cursor.label();
		scan(out, Within.PARENTHESES);
		if (this.cursor.index() != match) {
			throw this.cursor.unexpected();
		}
		this.cursor.next();
		this.cursor.leave();
	}

}
