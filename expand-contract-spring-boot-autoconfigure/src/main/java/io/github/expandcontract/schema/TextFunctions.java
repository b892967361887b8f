package io.github.expandcontract.schema;

import java.util.List;
import java.util.Set;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.postgres.Lexer;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * {@code concat} and {@code concat_ws}, which are not immutable, because they take values
 * of any type, whose text may depend on the session. Of texts alone they are. Functions
 * that take nothing else stand for them where an expression is tried.
 */
final class TextFunctions {

	private static final String PREFIX = Scratch.SCHEMA + ".expand_contract_";

	private static final Set<String> NAMES = Set.of("concat", "concat_ws");

	private TextFunctions() {
	}

	static void create(JdbcOperations jdbc) {
		for (String signature : List.of("concat(VARIADIC text[])", "concat_ws(text, VARIADIC text[])")) {
			jdbc.execute("CREATE FUNCTION " + PREFIX + signature
					+ " RETURNS text LANGUAGE plpgsql IMMUTABLE AS 'BEGIN RETURN NULL; END'");
		}
	}

	/**
	 * The expression with those functions in the place of the server's.
	 */
	static String over(String expression) {
		Tokens tokens = Lexer.tokens(expression);
		StringBuilder result = new StringBuilder();
		int last = 0;
		for (int i = 0; i + 1 < tokens.size(); i++) {
			boolean call = tokens.get(i).isName() && tokens.get(i + 1).is(TokenKind.OPEN)
					&& (i == 0 || !tokens.get(i - 1).is(TokenKind.DOT));
			if (call && NAMES.contains(tokens.get(i).name())) {
				result.append(expression, last, tokens.get(i).start()).append(PREFIX).append(tokens.get(i).name());
				last = tokens.get(i).end();
			}
		}
		return result.append(expression.substring(last)).toString();
	}

}
