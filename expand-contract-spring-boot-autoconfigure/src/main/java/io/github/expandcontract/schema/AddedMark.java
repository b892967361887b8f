package io.github.expandcontract.schema;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.postgres.ShortName;

/**
 * The comment by which a column is known to be the one that a change has added, and by
 * which declaration, until the change is over. What the column has for a comment of its
 * own stands below, and alone again in the end.
 */
final class AddedMark {

	private AddedMark() {
	}

	static String of(AddColumn change, @Nullable String own) {
		return line(change) + ((own != null) ? "\n" + own : "");
	}

	private static String line(AddColumn change) {
		return front(change)
				+ ShortName.hash(change.type() + "\0" + change.fill().text() + "\0" + change.defaultExpression());
	}

	private static String front(AddColumn change) {
		return "expand-contract: added by change " + change.id() + ", ";
	}

	static boolean marks(@Nullable String comment, AddColumn change) {
		return comment != null && comment.startsWith(front(change));
	}

	/**
	 * Whether type, expression and default are those by which the column was added.
	 */
	static boolean isSame(@Nullable String comment, AddColumn change) {
		return comment != null && (comment + "\n").startsWith(line(change) + "\n");
	}

	/**
	 * The column's own comment.
	 */
	static @Nullable String own(@Nullable String comment, AddColumn change) {
		if (comment == null || !marks(comment, change)) {
			return comment;
		}
		int end = comment.indexOf('\n');
		return (end >= 0) ? comment.substring(end + 1) : null;
	}

}
