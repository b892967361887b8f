package io.github.expandcontract.sql;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

import io.github.expandcontract.postgres.Lexer;
import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;
import io.github.expandcontract.postgres.UnterminatedTextException;

/**
 * Rewrites statements by the rules of the changes that are in flight:
 *
 * <ol>
 * <li>A text in which no changing table's name occurs is left as it is, without a further
 * look.</li>
 * <li>The text is cut into tokens, and the tokens are parsed for their structure:
 * clauses, sources, queries within queries, and the names in expressions.</li>
 * <li>Each name that could be a changing column is resolved through the scopes around
 * it.</li>
 * <li>What is found is edited in the original text by position.</li>
 * <li>If the name of a changing column is left over whose meaning was not found, the
 * statement is refused.</li>
 * </ol>
 *
 * Immutable and safe for use by several threads.
 */
public final class StatementRewriter {

	private final Changes changes;

	/**
	 * Creates a rewriter.
	 * @param schema what the catalog holds
	 * @param rules the rules of all changes that are not at
	 * {@link io.github.expandcontract.Phase#CONTRACT}
	 */
	public StatementRewriter(SchemaView schema, List<ColumnRule> rules) {
		this.changes = new Changes(schema, rules);
	}

	/**
	 * Rewrites a text whose caller wants no generated keys.
	 * @param sql one statement or several
	 * @return what became of it; never throws, whatever the text is
	 */
	public Rewriting rewrite(String sql) {
		return rewrite(sql, GeneratedKeys.NONE);
	}

	/**
	 * Rewrites a text.
	 * @param sql one statement or several
	 * @param keys which columns of the written rows the caller wants back
	 * @return what became of it; never throws, whatever the text is
	 */
	public Rewriting rewrite(String sql, GeneratedKeys keys) {
		if (this.changes.isEmpty() || !mayName(sql)) {
			return new Rewriting.Untouched();
		}
		try {
			return rewrite(Lexer.tokens(sql), keys);
		}
		catch (RefusalException ex) {
			return ex.toRewriting();
		}
		catch (UnterminatedTextException ex) {
			return RefusalException.notUnderstood(ex.position(), ex.reason()).toRewriting();
		}
	}

	private Rewriting rewrite(Tokens tokens, GeneratedKeys keys) {
		Set<String> named = named(tokens);
		if (named.isEmpty() && !mayContainCode(tokens)) {
			return new Rewriting.Untouched();
		}
		Account account = new Account();
		List<Statement> statements = new StatementParser(tokens, account).statements();
		Analysis analysis = new Analysis(tokens, this.changes, account);
		if (keys != GeneratedKeys.NONE && statements.size() > 1) {
			throw new RefusalException(0, "Generated keys are asked for of several statements at once.",
					"Send the statements one by one.");
		}
		for (Statement statement : statements) {
			new QueryRewriter(analysis).statement(statement, keys);
		}
		Rewriting rewriting = analysis.finish();
		requireSettled(tokens, account, this.changes.columnsOf(named));
		return rewriting;
	}

	/**
	 * Fails if the name of a changing column stands where its meaning was not found.
	 */
	private void requireSettled(Tokens tokens, Account account, Set<String> columns) {
		for (int i = 0; i < tokens.size(); i++) {
			Token token = tokens.get(i);
			if (token.isName() && !account.isSettled(i) && columns.contains(token.name())) {
				throw RefusalException.notUnderstood(token.start(),
						"What '" + tokens.text(i) + "' means here is not understood.");
			}
		}
	}

	/**
	 * The changing tables whose names occur outside of strings and comments.
	 */
	private Set<String> named(Tokens tokens) {
		Set<String> named = new HashSet<>();
		for (int i = 0; i < tokens.size(); i++) {
			Token token = tokens.get(i);
			if (token.isName() && this.changes.tableNames().contains(token.name())) {
				named.add(token.name());
			}
		}
		return named;
	}

	/**
	 * Whether a statement may have code of another language in a string.
	 */
	private static boolean mayContainCode(Tokens tokens) {
		for (int i = 0; i < tokens.size(); i++) {
			boolean begins = i == 0 || tokens.get(i - 1).is(TokenKind.SEMICOLON);
			if (begins && (tokens.get(i).is("do") || tokens.get(i).is("create"))) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Whether the name of a changing table occurs in the text at all.
	 */
	private boolean mayName(String sql) {
		for (String table : this.changes.tableNames()) {
			if (table.indexOf('"') >= 0 || containsIgnoreCase(sql, table)) {
				return true;
			}
		}
		return mayEscape(sql);
	}

	/**
	 * Whether a name may be written with escapes, so that it does not occur as it is.
	 */
	private static boolean mayEscape(String sql) {
		return containsIgnoreCase(sql, "u&\"") && (sql.indexOf('\\') >= 0 || containsIgnoreCase(sql, "uescape"));
	}

	private static boolean containsIgnoreCase(String text, String part) {
		char lower = Character.toLowerCase(part.charAt(0));
		char upper = Character.toUpperCase(part.charAt(0));
		int last = text.length() - part.length();
		for (int i = 0; i <= last; i++) {
			char character = text.charAt(i);
			if ((character == lower || character == upper) && text.regionMatches(true, i, part, 0, part.length())) {
				return true;
			}
		}
		return false;
	}

}
