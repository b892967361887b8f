package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.sql.TextPieces.Kind;
import io.github.expandcontract.sql.TextPieces.Piece;

/**
 * What holds for every edited text: whatever is not the name of a changing column, a
 * star, a default or a position still stands there in its order, with its comments and
 * its layout, and so do the parameters.
 */
final class EditedText {

	private static final Set<String> EDITED = Stream
		.concat(CorpusSchema.names().stream().flatMap((names) -> Stream.of(names.former(), names.column())),
				Stream.of("*", "default", "values", "table"))
		.collect(Collectors.toUnmodifiableSet());

	private EditedText() {
	}

	/**
	 * What is wrong with a rewritten text, {@code null} if nothing is.
	 */
	static @Nullable String fault(GeneratedSql sql, Rewriting rewriting) {
		if (!(rewriting instanceof Rewriting.Rewritten rewritten)) {
			return null;
		}
		String lost = lost(TextPieces.of(sql.sql()), TextPieces.of(rewritten.sql()));
		if (lost != null) {
			return "the text has lost '" + lost + "'";
		}
		if (!isWithin(TextPieces.comments(sql.sql()), TextPieces.comments(rewritten.sql()))) {
			return "comments are lost";
		}
		return parameters(sql, rewritten.parameters());
	}

	private static @Nullable String parameters(GeneratedSql sql, ParameterMap map) {
		List<Integer> first = new ArrayList<>();
		for (int i = 1; i <= map.physicalCount(); i++) {
			if (!first.contains(map.original(i))) {
				first.add(map.original(i));
			}
		}
		boolean complete = map.count() == sql.parameters().size() && first.size() == map.count();
		return (complete && first.equals(first.stream().sorted().toList())) ? null
				: "the parameters have become " + first + " of " + sql.parameters().size();
	}

	private static @Nullable String lost(List<Piece> before, List<Piece> after) {
		int next = 0;
		for (int i = 0; i < before.size(); i++) {
			Piece piece = before.get(i);
			if (isEdited(piece) || isWithinEdit(before, i) || isPosition(before, i)) {
				continue;
			}
			while (next < after.size() && !survives(piece, after.get(next))) {
				next++;
			}
			if (next == after.size()) {
				return piece.text();
			}
			next++;
		}
		return null;
	}

	private static boolean survives(Piece before, Piece after) {
		return (before.kind() == Kind.GAP) ? after.kind() == Kind.GAP && after.text().contains(before.text())
				: before.equals(after);
	}

	/**
	 * What stands between DEFAULT and VALUES goes with them.
	 */
	private static boolean isWithinEdit(List<Piece> pieces, int index) {
		return pieces.get(index).kind() == Kind.GAP && index > 0 && index + 1 < pieces.size()
				&& pieces.get(index - 1).text().equalsIgnoreCase("default")
				&& pieces.get(index + 1).text().equalsIgnoreCase("values");
	}

	/**
	 * A position or a label in ORDER BY may become what it stands for.
	 */
	private static boolean isPosition(List<Piece> pieces, int index) {
		int before = index - 1;
		while (before >= 0 && pieces.get(before).kind() == Kind.GAP) {
			before--;
		}
		Piece piece = pieces.get(index);
		boolean label = piece.kind() == Kind.WORD
				&& pieces.stream().filter((other) -> other.text().equalsIgnoreCase(piece.text())).count() > 1;
		return (piece.kind() == Kind.NUMBER || label) && before >= 0
				&& (pieces.get(before).text().equals(",") || pieces.get(before).text().equalsIgnoreCase("by"));
	}

	private static boolean isEdited(Piece piece) {
		return switch (piece.kind()) {
			case WORD, OTHER -> EDITED.contains(piece.text().toLowerCase(Locale.ROOT));
			case QUOTED -> true;
			default -> false;
		};
	}

	private static boolean isWithin(List<String> part, List<String> all) {
		int next = 0;
		for (String line : all) {
			if (next < part.size() && part.get(next).equals(line)) {
				next++;
			}
		}
		return next == part.size();
	}

}
