package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * Parses a text into its statements.
 */
final class StatementParser {

	private static final Set<String> ROWS = Set.of("select", "values", "table", "with", "insert", "update", "delete",
			"merge");

	private final Cursor cursor;

	private final QueryParser queries;

	StatementParser(Tokens tokens, Account account) {
		this.cursor = new Cursor(tokens, account);
		this.queries = new QueryParser(this.cursor);
	}

	List<Statement> statements() {
		List<Statement> statements = new ArrayList<>();
		while (!this.cursor.at(TokenKind.END)) {
			if (!this.cursor.accept(TokenKind.SEMICOLON)) {
				statements.add(statement());
				if (!this.cursor.at(TokenKind.END)) {
					this.cursor.expect(TokenKind.SEMICOLON);
				}
			}
		}
		return statements;
	}

	private Statement statement() {
		this.cursor.enter();
		Statement statement = read();
		this.cursor.leave();
		return statement;
	}

	private Statement read() {
		int from = this.cursor.index();
		if (atRows()) {
			return this.queries.writings().rows();
		}
		if (this.cursor.accept("explain")) {
			if (this.cursor.at(TokenKind.OPEN) && !this.cursor.atQuery()) {
				this.cursor.skipGroup();
			}
			while (this.cursor.acceptAny("analyze", "verbose")) {
				// Options without parentheses.
			}
			return statement();
		}
		if (this.cursor.at("prepare") && !this.cursor.peek(1).is("transaction")) {
			this.cursor.next();
			this.cursor.label();
			if (this.cursor.at(TokenKind.OPEN)) {
				this.cursor.skipGroup();
			}
			this.cursor.expect("as");
			return statement();
		}
		if (this.cursor.at("declare")) {
			return cursor(from);
		}
		if (this.cursor.at("call") || this.cursor.at("execute")) {
			this.cursor.next();
			return new Statement.Expressions(List.of(this.queries.expressions().expression()));
		}
		return utility(from);
	}

	private boolean atRows() {
		Token token = this.cursor.peek();
		return (token.is(TokenKind.WORD) && ROWS.contains(token.name()))
				|| (token.is(TokenKind.OPEN) && this.cursor.atQuery());
	}

	private Statement cursor(int from) {
		this.cursor.next();
		this.cursor.label();
		while (this.cursor.acceptAny("binary", "asensitive", "insensitive", "no", "scroll", "cursor", "with", "without",
				"hold")) {
			// A cursor's properties, in any order.
		}
		if (!this.cursor.accept("for") || !atRows()) {
			return utility(from);
		}
		return this.queries.query();
	}

	private Statement utility(int from) {
		while (!this.cursor.at(TokenKind.SEMICOLON) && !this.cursor.at(TokenKind.END)) {
			this.cursor.next();
		}
		return new Statement.Utility(from, this.cursor.index());
	}

}
