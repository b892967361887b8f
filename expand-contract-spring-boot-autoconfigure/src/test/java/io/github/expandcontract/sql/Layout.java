package io.github.expandcontract.sql;

import java.util.List;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.sql.TextPieces.Kind;
import io.github.expandcontract.sql.TextPieces.Piece;

/**
 * Writes a generated text in another way that means the same: values as literals of all
 * forms, names in other spellings, comments, hints and odd layout.
 */
final class Layout {

	private static final String[] GAPS = { " ", "  ", "\n", "\t", "\r\n\t", " /* handle */ ",
			" /* users.handle = ? */ ", " /*+ SeqScan(users) */ ", " /* it's */ ", " /* a /* nested ' */ \" $$ */ ",
			" -- username ? 'x\n", " --\n", " /**/ ", "\f", " -- \"Group\" ; \u00e9\n" };

	private final Dice dice;

	Layout(Dice dice) {
		this.dice = dice;
	}

	/**
	 * Turns some parameters into literals, and spells some names in another way.
	 */
	String spell(String marked) {
		int literals = this.dice.pick(List.of(0, 0, 30, 100));
		int spellings = this.dice.pick(List.of(0, 0, 0, 6));
		StringBuilder text = new StringBuilder();
		for (Piece piece : TextPieces.of(marked)) {
			if (piece.kind() == Kind.MARK && this.dice.chance(literals)) {
				text.append(literal(GeneratedSql.valueOf(piece.text())));
			}
			else if (piece.kind() == Kind.WORD && this.dice.chance(spellings)) {
				text.append(word(piece.text()));
			}
			else {
				text.append(piece.text());
			}
		}
		return text.toString();
	}

	private String literal(@Nullable String value) {
		if (value == null) {
			return "NULL";
		}
		return switch (this.dice.below(6)) {
			case 0 -> "E'" + value.replace("'", "\\'") + "'";
			case 1 -> "$q$" + value + "$q$";
			case 2 -> "U&'" + value.replace("'", "''").replaceFirst("^a", "\\\\0061") + "'";
			default -> "'" + value.replace("'", "''") + "'";
		};
	}

	private String word(String word) {
		if (List.of("handle", "sku", "label", "users", "products").contains(word) && this.dice.chance(50)) {
			return this.dice.chance(50) ? "\"" + word + "\"" : "U&\"" + escaped(word) + "\"";
		}
		String upper = word.toUpperCase(Locale.ROOT);
		return this.dice.chance(50) ? upper : upper.charAt(0) + word.substring(1).toLowerCase(Locale.ROOT);
	}

	private static String escaped(String word) {
		return String.format("\\%04x", (int) word.charAt(0)) + word.substring(1);
	}

	/**
	 * Puts comments and white space between the pieces of most texts.
	 */
	String sprinkle(String text) {
		int percent = this.dice.pick(List.of(0, 0, 3, 15, 40));
		if (percent == 0) {
			return text;
		}
		StringBuilder result = new StringBuilder(this.dice.chance(percent) ? this.dice.pick(GAPS) : "");
		List<Piece> pieces = TextPieces.of(text);
		for (int i = 0; i < pieces.size(); i++) {
			Piece piece = pieces.get(i);
			boolean gap = piece.kind() == Kind.GAP;
			if (gap) {
				result.append(this.dice.chance(percent) ? this.dice.pick(GAPS) : piece.text());
			}
			else {
				result.append(piece.text());
				boolean apart = ".,()".contains(piece.text())
						|| (i + 1 < pieces.size() && ".,()".contains(pieces.get(i + 1).text()));
				if (apart && this.dice.chance(percent / 4)) {
					result.append(this.dice.pick(GAPS));
				}
			}
		}
		return result.toString();
	}

}
