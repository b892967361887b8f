package io.github.expandcontract.change;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.Identifiers;

/**
 * A name as it is written in SQL, read as PostgreSQL reads it: quoted parts as they
 * stand, others folded to lower case.
 *
 * @param schema the qualifier, {@code null} if there is none
 * @param name the last part
 */
record WrittenName(@Nullable String schema, String name) {

	/**
	 * Reads a name.
	 * @param text such as {@code users}, {@code crm.users} or {@code "crm"."My.Table"}
	 * @return the parts as the catalog spells them
	 * @throws InvalidDeclarationException if it is not one or two names
	 */
	static WrittenName parse(String text) {
		List<String> parts = new ArrayList<>();
		int position = 0;
		while (true) {
			int end = (position < text.length() && text.charAt(position) == '"') ? endOfQuoted(text, position)
					: endOfBare(text, position);
			parts.add(part(text, position, end));
			if (end == text.length()) {
				break;
			}
			if (text.charAt(end) != '.') {
				throw InvalidDeclarationException.notAName(text);
			}
			position = end + 1;
		}
		return switch (parts.size()) {
			case 1 -> new WrittenName(null, parts.get(0));
			case 2 -> new WrittenName(parts.get(0), parts.get(1));
			default -> throw InvalidDeclarationException.notAName(text);
		};
	}

	private static String part(String text, int start, int end) {
		String part = text.substring(start, end);
		if (part.startsWith("\"")) {
			part = part.substring(1, part.length() - 1).replace("\"\"", "\"");
		}
		else {
			part = Identifiers.fold(part);
		}
		if (part.isBlank() || !part.equals(part.strip())) {
			throw InvalidDeclarationException.notAName(text);
		}
		return part;
	}

	private static int endOfBare(String text, int start) {
		int end = start;
		while (end < text.length() && text.charAt(end) != '.') {
			if (text.charAt(end) == '"' || Character.isWhitespace(text.charAt(end))) {
				throw InvalidDeclarationException.notAName(text);
			}
			end++;
		}
		return end;
	}

	private static int endOfQuoted(String text, int start) {
		int end = start + 1;
		while (end < text.length()) {
			if (text.charAt(end) == '"') {
				if (end + 1 == text.length() || text.charAt(end + 1) != '"') {
					return end + 1;
				}
				end++;
			}
			end++;
		}
		throw InvalidDeclarationException.notAName(text);
	}

}
