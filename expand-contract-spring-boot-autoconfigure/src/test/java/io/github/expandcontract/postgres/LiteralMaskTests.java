package io.github.expandcontract.postgres;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Texts without the values that stand in them.
 */
class LiteralMaskTests {

	@ParameterizedTest
	@CsvSource(delimiter = '|', quoteCharacter = '~', textBlock = """
			SELECT 'a''b', E'c\\'d', $$e$$, $x$f$x$, U&'g', B'01' | SELECT ?, ?, ?, ?, ?, ?
			WHERE a=-1.5e3 AND b IN (1,0x2) | WHERE a=-? AND b IN (?,?)
			/* a 'b' */ SELECT "a 1"/* c */FROM t1 -- d | SELECT "a 1" FROM t1
			SELECT ?, $1, a ?? b | SELECT ?, $1, a ?? b
			SELECT 'a' 'b' | SELECT ? ?
			""")
	void replacesValuesAndDropsComments(String sql, String masked) {
		assertThat(LiteralMask.mask(sql)).isEqualTo(masked);
		assertThat(LiteralMask.mask(masked)).isEqualTo(masked);
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT 'secret", "SELECT $$secret", "SELECT $a$secret$$", "SELECT /* secret",
			"SELECT \"secret", "SELECT E'secret\\'" })
	void showsNothingOfWhatDoesNotEnd(String sql) {
		assertThat(LiteralMask.mask(sql)).isEqualTo("SELECT...");
	}

	@Test
	void keepsLayout() {
		assertThat(LiteralMask.mask("SELECT a\n  FROM t\n WHERE b = 'x' "))
			.isEqualTo("SELECT a\n  FROM t\n WHERE b = ?");
		assertThat(LiteralMask.mask("")).isEmpty();
	}

}
