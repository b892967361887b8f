package io.github.expandcontract.postgres;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The names that occur in a text outside of strings and comments. Says that something is
 * named where it cannot tell: whoever asks wants to know whether it is safe to take the
 * name away.
 */
public final class Mentions {

	private static final Mentions ANYTHING = new Mentions("", Set.of(), Set.of(), true);

	private static final Pattern WORD = Pattern.compile("[\\p{L}_][\\p{L}\\p{N}_$]*");

	private final String verb;

	private final Set<String> names;

	private final Set<TableName> qualified;

	private final boolean anything;

	private Mentions(String verb, Set<String> names, Set<TableName> qualified, boolean anything) {
		this.verb = verb;
		this.names = names;
		this.qualified = qualified;
		this.anything = anything;
	}

	/**
	 * Reads a text.
	 * @param sql any text
	 * @return the names in it
	 */
	public static Mentions in(String sql) {
		try {
			return of(Lexer.tokens(sql), "");
		}
		catch (UnterminatedTextException ex) {
			return of(Lexer.tokens(sql.substring(0, ex.position())), sql.substring(ex.position()));
		}
	}

	/**
	 * What a text may name that is not known.
	 * @return mentions of any table and any column
	 */
	public static Mentions ofAnything() {
		return ANYTHING;
	}

	private static Mentions of(Tokens tokens, String rest) {
		Set<String> names = new HashSet<>();
		Set<TableName> qualified = new HashSet<>();
		for (int i = 0; i < tokens.size(); i++) {
			Token token = tokens.get(i);
			if (!token.isName()) {
				continue;
			}
			if (i > 1 && tokens.get(i - 1).is(TokenKind.DOT) && tokens.get(i - 2).isName()) {
				qualified.add(new TableName(tokens.get(i - 2).name(), token.name()));
			}
			else {
				names.add(token.name());
			}
		}
		WORD.matcher(rest).results().map(MatchResult::group).map(Identifiers::fold).forEach(names::add);
		String verb = tokens.get(0).is(TokenKind.WORD) ? tokens.get(0).name().toLowerCase(Locale.ROOT) : "";
		return new Mentions(verb, Set.copyOf(names), Set.copyOf(qualified), false);
	}

	/**
	 * The key word that the text begins with.
	 * @return the word in lower case, empty if it begins with something else
	 */
	public String verb() {
		return this.verb;
	}

	/**
	 * Whether a table is named, with its schema or without any.
	 * @param table the table
	 * @return whether it is
	 */
	public boolean table(TableName table) {
		return this.anything || this.names.contains(table.name()) || this.qualified.contains(table);
	}

	/**
	 * Whether a column is named, with whatever stands before it.
	 * @param column the column
	 * @return whether it is
	 */
	public boolean column(String column) {
		return this.anything || this.names.contains(column)
				|| this.qualified.stream().anyMatch((part) -> part.name().equals(column));
	}

	/**
	 * Whether something of a schema is named.
	 * @param schema the schema
	 * @return whether it is
	 */
	public boolean schema(String schema) {
		return this.qualified.stream().anyMatch((part) -> part.schema().equals(schema));
	}

}
