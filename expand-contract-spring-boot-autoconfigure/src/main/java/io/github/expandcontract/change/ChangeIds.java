package io.github.expandcontract.change;

import java.util.Locale;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

/**
 * What an id may look like, so that it is a key of a property as it stands.
 */
final class ChangeIds {

	static final int MAX_LENGTH = 128;

	private static final Pattern USABLE = Pattern.compile("[a-z0-9]+(-[a-z0-9]+)*");

	private ChangeIds() {
	}

	/**
	 * The id that was written down, else the one that table and column give.
	 */
	static String of(@Nullable String explicitId, String table, String newColumn) {
		return (explicitId != null) ? explicitId : derive(table, newColumn);
	}

	private static String derive(String table, String newColumn) {
		String id = (table + "-" + newColumn).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
		return id.replaceAll("^-|-$", "");
	}

	static void requireUsable(String id, String declaredAt) {
		if (id.length() > MAX_LENGTH || !USABLE.matcher(id).matches()) {
			throw InvalidDeclarationException.unusableId(declaredAt, id);
		}
	}

}
