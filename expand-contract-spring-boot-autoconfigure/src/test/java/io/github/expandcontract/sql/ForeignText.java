package io.github.expandcontract.sql;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * Makes texts that an application might send and that nobody expects.
 */
final class ForeignText {

	private static final String[] SOUP = { "SELECT", "INSERT INTO", "UPDATE", "DELETE FROM", "MERGE INTO", "WITH",
			"FROM", "WHERE", "(", ")", ",", "*", "=", "'x'", "1", "?", "SET", "VALUES", "JOIN", "ON", "USING",
			"GROUP BY", "ORDER BY", "RETURNING", "DEFAULT", "NULL", "CASE", "WHEN", "THEN", "ELSE", "END", "IN",
			"EXISTS", "NOT", "LATERAL", "UNION", "::text", "[", "]", "$1", "OVER", "WINDOW", "FOR UPDATE",
			"ON CONFLICT", "DO UPDATE", "DO NOTHING", "||", "ROW", "VALUES (", "CAST(", ";", "COPY", "EXPLAIN",
			"PREPARE p AS", "LIMIT", "ARRAY[", "/* ? */", "-- x\n", "'it''s'", "E'\\''", "$$ q $$", "\n", "\"Q\"", "id",
			"email", "t" };

	private static final String[] CHANGING = { "users", "handle", "username", "\"handle\"", "users", "products", "sku",
			"code", "\"Person\"", "\"Group\"", "U&\"\\0068andle\"", "HANDLE", "public.users", "items", "price",
			"cents" };

	private final Dice dice;

	private ForeignText(Dice dice) {
		this.dice = dice;
	}

	static String generate(long seed) {
		Dice dice = new Dice(seed);
		return new ForeignText(dice).generate(seed, dice.below(10));
	}

	private String generate(long seed, int form) {
		return switch (form) {
			case 0 -> bytes();
			case 1 -> characters();
			case 2 -> soup(0);
			case 3, 4 -> soup(25);
			case 5 -> repeated();
			case 6 -> elsewhere(StatementGenerator.generate(CorpusSchema.RENAMED, seed).sql());
			case 7 -> elsewhere(StatementGenerator.mutate(CorpusSchema.RENAMED, seed).sql());
			default -> StatementGenerator.mutate(CorpusSchema.RENAMED, seed).sql();
		};
	}

	private String bytes() {
		byte[] bytes = new byte[this.dice.below(200)];
		for (int i = 0; i < bytes.length; i++) {
			bytes[i] = (byte) this.dice.below(256);
		}
		return new String(bytes, this.dice.chance(50) ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1);
	}

	private String characters() {
		StringBuilder text = new StringBuilder();
		int bound = this.dice.chance(50) ? 0x80 : 0x10000;
		for (int i = this.dice.below(200); i > 0; i--) {
			text.append(
					this.dice.chance(10) ? this.dice.pick(CHANGING) : String.valueOf((char) this.dice.below(bound)));
		}
		return text.toString();
	}

	private String soup(int changing) {
		StringBuilder text = new StringBuilder();
		for (int i = this.dice.between(1, 60); i > 0; i--) {
			text.append(this.dice.chance(changing) ? this.dice.pick(CHANGING) : this.dice.pick(SOUP))
				.append(this.dice.chance(90) ? " " : "");
		}
		return text.toString();
	}

	/**
	 * One thing very often, which is where parsers recur or go quadratic.
	 */
	private String repeated() {
		String part = this.dice.pick("(", "[", "SELECT (", "a.", "/*", "NOT ", "CASE WHEN ", "(SELECT handle FROM ",
				"-", "'", "$a$", ",", "::text", "handle = handle AND ", "users, ", "WITH a AS (", "a || ", "EXISTS (",
				"users u JOIN ", "?, ", "handle, ");
		String begin = this.dice.pick("", "SELECT handle FROM users WHERE ", "SELECT ", "INSERT INTO users VALUES ",
				"UPDATE users SET handle = ");
		return begin + part.repeat(this.dice.between(1, 3) * this.dice.pick(List.of(1, 10, 100, 2000)));
	}

	/**
	 * The text, about tables that do not change.
	 */
	static String elsewhere(String text) {
		return text.replaceAll("(?i)users|u&\"\\\\0075sers\"", "people")
			.replaceAll("(?i)products|u&\"\\\\0070roducts\"", "goods")
			.replaceAll("(?i)u&\"\\\\....(andle|ku|abel)\"", "h$1")
			.replaceAll("(?i)person", "human")
			.replaceAll("(?i)items", "articles");
	}

}
