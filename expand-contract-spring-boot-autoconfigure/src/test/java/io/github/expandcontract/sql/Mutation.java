package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.sql.TextPieces.Kind;
import io.github.expandcontract.sql.TextPieces.Piece;

/**
 * Damages texts: pieces are lost, doubled, swapped or replaced, texts are cut off, and
 * brackets, quotes and comments are left open.
 */
final class Mutation {

	private static final String[] WORDS = { "handle", "username", "users", "accounts", "u", "a", "id", "sku", "code",
			"products", "label", "email", "NULL", "DEFAULT", "FROM", "WHERE", "AS", "SELECT", "NOT", "AND", "*", ",",
			"public.users", "\"handle\"", "\"Group\"", "ONLY", "'handle'", "1", ".", "ROW", "ON", "LATERAL", "USING",
			"RETURNING", "ORDER BY", "GROUP BY", "UNION", "IN", "::text", "DISTINCT", "old", "new" };

	private static final String[] NAMES = { "handle", "username", "email", "sku", "code", "label", "id", "users",
			"accounts", "\"Group\"", "other.users", "u" };

	private static final String[] OPENERS = { "'", "\"", "/*", "(", ")", "$$", "[", "]", "E'", "U&\"", "--", ";", "\\",
			"{", "}", "/* ' ", "$a$", "??", "::", "@", "\u0000" };

	private final Dice dice;

	Mutation(Dice dice) {
		this.dice = dice;
	}

	String damage(String text) {
		List<Piece> pieces = new ArrayList<>(TextPieces.of(text));
		for (int i = this.dice.pick(List.of(1, 1, 1, 2, 3)); i > 0 && pieces.size() > 2; i--) {
			damage(pieces);
		}
		return TextPieces.join(pieces);
	}

	private void damage(List<Piece> pieces) {
		int at = this.dice.below(pieces.size());
		switch (this.dice.below(20)) {
			case 0, 1, 2 -> pieces.remove(at);
			case 3, 4 -> pieces.add(at, pieces.get(this.dice.below(pieces.size())));
			case 5, 6 -> {
				Piece piece = pieces.get(at);
				int other = this.dice.below(pieces.size());
				pieces.set(at, pieces.get(other));
				pieces.set(other, piece);
			}
			case 7 -> pieces.subList(at, pieces.size()).clear();
			case 8 -> pieces.add(at, new Piece(Kind.OTHER, this.dice.pick(OPENERS)));
			case 9 -> {
				int end = Math.min(pieces.size(), at + this.dice.between(2, 8));
				pieces.subList(at, end).clear();
			}
			case 10 -> {
				int end = Math.min(pieces.size(), at + this.dice.between(2, 12));
				pieces.addAll(end, List.copyOf(pieces.subList(at, end)));
			}
			case 11 -> pieces.add(at, new Piece(Kind.WORD, " " + this.dice.pick(WORDS) + " "));
			default -> replaceWord(pieces, at);
		}
	}

	/**
	 * Puts another word in the place of one, so that the text often stays a statement.
	 */
	private void replaceWord(List<Piece> pieces, int from) {
		for (int i = 0; i < pieces.size(); i++) {
			int at = (from + i) % pieces.size();
			if (isName(pieces.get(at))) {
				List<Piece> names = pieces.stream().filter(Mutation::isName).toList();
				pieces.set(at, this.dice.chance(50) ? this.dice.pick(names)
						: new Piece(Kind.WORD, this.dice.chance(70) ? this.dice.pick(NAMES) : this.dice.pick(WORDS)));
				return;
			}
		}
	}

	private static boolean isName(Piece piece) {
		return piece.kind() == Kind.QUOTED
				|| (piece.kind() == Kind.WORD && Character.isLowerCase(piece.text().charAt(0)));
	}

}
