package io.github.expandcontract.postgres;

import java.util.ArrayList;
import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class LexerTests {

	private static List<String> texts(String sql) {
		Tokens tokens = Lexer.tokens(sql);
		List<String> texts = new ArrayList<>();
		for (int i = 0; i < tokens.size() - 1; i++) {
			texts.add(tokens.text(i));
		}
		return texts;
	}

	private static List<TokenKind> kinds(String sql) {
		Tokens tokens = Lexer.tokens(sql);
		List<TokenKind> kinds = new ArrayList<>();
		for (int i = 0; i < tokens.size() - 1; i++) {
			kinds.add(tokens.get(i).kind());
		}
		return kinds;
	}

	@Test
	void dropsWhiteSpaceAndComments() {
		assertThat(texts("a\t/* b /* c */ ' */ --d\n\fe-- f")).containsExactly("a", "e");
	}

	@ParameterizedTest
	@ValueSource(strings = { "'it''s ?'", "E'it\\'s ?'", "e'\\\\'", "U&'d\\0061t'", "b'01'", "X'1F'", "n'a'",
			"$$ ' ? $$", "$tag$ $$ $tag $tag$", "$täg$x$täg$" })
	void readsStringAsOneToken(String string) {
		assertThat(kinds(string)).containsExactly(TokenKind.STRING);
		assertThat(texts(string + "x")).containsExactly(string, "x");
	}

	@Test
	void backslashDoesNotEscapeInPlainString() {
		assertThat(texts("'\\' x")).containsExactly("'\\'", "x");
	}

	@Test
	void foldsOnlyAsciiLettersOfNamesWithoutQuotes() {
		assertThat(Lexer.tokens("UsErs").get(0).name()).isEqualTo("users");
		assertThat(Lexer.tokens("ÄB").get(0).name()).isEqualTo("Äb");
		assertThat(Lexer.tokens("\"Us\"\"ers\"").get(0).name()).isEqualTo("Us\"ers");
	}

	@Test
	void resolvesUnicodeEscapesOfNames() {
		assertThat(Lexer.tokens("U&\"d\\0061t\\+000061\\\\\"").get(0).name()).isEqualTo("data\\");
	}

	@Test
	void resolvesUnicodeEscapesThatBeginWithAnotherCharacter() {
		assertThat(Lexer.tokens("U&\"!0075sers!!\" uescape '!'").get(0).name()).isEqualTo("users!");
	}

	@Test
	void cutsNamesWhereThePostgresDoes() {
		String name = "a".repeat(62);
		assertThat(Lexer.tokens(name + "bc").get(0).name()).isEqualTo(name + "b");
		assertThat(Lexer.tokens(name + "äc").get(0).name()).isEqualTo(name);
	}

	@Test
	void tellsParametersFromOperators() {
		assertThat(kinds("a=?")).containsExactly(TokenKind.WORD, TokenKind.OPERATOR, TokenKind.PARAMETER);
		assertThat(texts("a??b")).containsExactly("a", "??", "b");
		assertThat(texts("a ??| ?")).containsExactly("a", "??|", "?");
		assertThat(texts("a ??& ???")).containsExactly("a", "??&", "??", "?");
		assertThat(kinds("$1")).containsExactly(TokenKind.NUMBERED_PARAMETER);
	}

	@Test
	void endsOperatorsBeforeComments() {
		assertThat(texts("a*--b\nc+/*d*/e")).containsExactly("a", "*", "c", "+", "e");
	}

	@Test
	void tellsStarsFromOperatorsWithStars() {
		assertThat(kinds("u.*, ~*")).containsExactly(TokenKind.WORD, TokenKind.DOT, TokenKind.STAR, TokenKind.COMMA,
				TokenKind.OPERATOR);
	}

	@Test
	void endsNameBeforeOperator() {
		assertThat(texts("handle#>>'{x}'")).containsExactly("handle", "#>>", "'{x}'");
	}

	@Test
	void readsNumbers() {
		assertThat(texts("1.5e-3+.5 1..2 0x1F 1_000 3.")).containsExactly("1.5e-3", "+", ".5", "1", ".", ".2", "0x1F",
				"1_000", "3.");
	}

	@Test
	void tellsCastsArgumentsAndSlices() {
		assertThat(kinds("a::b[1:2] c=>d e:=f")).contains(TokenKind.CAST, TokenKind.COLON, TokenKind.ARROW)
			.doesNotContain(TokenKind.OPERATOR);
	}

	@Test
	void takesTheWordOfAnEscapeWithItsBrace() {
		assertThat(texts("{fn lower(?)}")).containsExactly("{fn", "lower", "(", "?", ")", "}");
		assertThat(texts("{limit 5}")).containsExactly("{", "limit", "5", "}");
	}

	@Test
	void matchesBrackets() {
		Tokens tokens = Lexer.tokens("(a[1]{)");
		assertThat(tokens.match(2)).isEqualTo(4);
		assertThat(tokens.match(0)).isEqualTo(-1);
	}

	@ParameterizedTest
	@ValueSource(strings = { "'a", "E'a\\'", "\"a", "$$ a", "$x$ a $y$", "/* a /* b */", "U&\"a", "E'\\" })
	void reportsWhatDoesNotEnd(String text) {
		assertThatExceptionOfType(UnterminatedTextException.class).isThrownBy(() -> Lexer.tokens(text))
			.withMessageContaining("does not end");
	}

}
