package io.github.expandcontract.sql;

import java.util.Set;

import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * The parsers' common place in the tokens. It also keeps account of the names whose
 * meaning is certain from where they stand.
 */
final class Cursor {

	private static final int MAX_DEPTH = 300;

	private static final Set<String> QUERY_STARTS = Set.of("select", "values", "with", "table");

	private static final Set<String> QUERY_ENDS = Set.of("union", "intersect", "except", "order", "limit", "offset",
			"fetch", "for");

	private final Tokens tokens;

	private final Account account;

	private int index;

	private int depth;

	Cursor(Tokens tokens, Account account) {
		this.tokens = tokens;
		this.account = account;
	}

	Tokens tokens() {
		return this.tokens;
	}

	int index() {
		return this.index;
	}

	void moveTo(int index) {
		this.index = index;
	}

	Token peek() {
		return this.tokens.get(this.index);
	}

	Token peek(int ahead) {
		return this.tokens.get(this.index + ahead);
	}

	boolean at(TokenKind kind) {
		return peek().is(kind);
	}

	boolean at(String keyword) {
		return peek().is(keyword);
	}

	boolean at(String first, String second) {
		return peek().is(first) && peek(1).is(second);
	}

	boolean atAny(String... keywords) {
		for (String keyword : keywords) {
			if (at(keyword)) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Steps over a token.
	 * @return its index
	 */
	int next() {
		return this.index++;
	}

	boolean accept(TokenKind kind) {
		if (at(kind)) {
			this.index++;
			return true;
		}
		return false;
	}

	boolean accept(String keyword) {
		if (at(keyword)) {
			this.account.settle(this.index);
			this.index++;
			return true;
		}
		return false;
	}

	boolean accept(String first, String second) {
		return at(first, second) && accept(first) && accept(second);
	}

	boolean acceptAny(String... keywords) {
		for (String keyword : keywords) {
			if (accept(keyword)) {
				return true;
			}
		}
		return false;
	}

	void expect(TokenKind kind) {
		if (!accept(kind)) {
			throw unexpected();
		}
	}

	void expect(String keyword) {
		if (!accept(keyword)) {
			throw unexpected();
		}
	}

	/**
	 * Steps over a name that means neither a column nor a table that exists: an alias, a
	 * window, a constraint.
	 * @return its index
	 */
	int label() {
		if (!peek().isName()) {
			throw unexpected();
		}
		this.account.settle(this.index);
		return this.index++;
	}

	/**
	 * Steps over a name that is still to be resolved.
	 * @return its index
	 */
	int name() {
		if (!peek().isName()) {
			throw unexpected();
		}
		return this.index++;
	}

	/**
	 * Steps over names with dots between them, a star at the end included.
	 * @return the index of the last one
	 */
	int chain() {
		int last = name();
		while (at(TokenKind.DOT)) {
			next();
			if (at(TokenKind.STAR)) {
				return next();
			}
			last = name();
		}
		return last;
	}

	/**
	 * Whether a query stands in the parentheses that open here. In {@code ((SELECT
	 * 1) + 1)} none does, in {@code ((SELECT 1) UNION SELECT 2)} one does.
	 */
	boolean atQuery() {
		if (!at(TokenKind.OPEN)) {
			return false;
		}
		int open = this.index;
		int inner = open;
		while (this.tokens.get(inner + 1).is(TokenKind.OPEN)) {
			inner++;
			enter();
		}
		for (int i = open; i < inner; i++) {
			leave();
		}
		Token first = this.tokens.get(inner + 1);
		if (!first.is(TokenKind.WORD) || !QUERY_STARTS.contains(first.name())) {
			return false;
		}
		for (int i = inner; i > open; i--) {
			int match = this.tokens.match(i);
			Token behind = this.tokens.get(match + 1);
			if (match < 0 || !(behind.is(TokenKind.CLOSE)
					|| (behind.is(TokenKind.WORD) && QUERY_ENDS.contains(behind.name())))) {
				return false;
			}
		}
		return true;
	}

	/**
	 * Steps over a bracket and all that it contains.
	 */
	void skipGroup() {
		int match = this.tokens.match(this.index);
		if (match < 0) {
			throw unexpected();
		}
		this.index = match + 1;
	}

	void settle(int token) {
		this.account.settle(token);
	}

	void enter() {
		if (++this.depth > MAX_DEPTH) {
			throw RefusalException.notUnderstood(peek().start(),
					"The statement is nested deeper than " + MAX_DEPTH + " levels.");
		}
	}

	void leave() {
		this.depth--;
	}

	RefusalException unexpected() {
		Token token = peek();
		String what = token.is(TokenKind.END) ? "The statement ends where it should go on."
				: "The text is not understood from '" + this.tokens.text(this.index) + "' on.";
		return RefusalException.notUnderstood(token.start(), what);
	}

}
