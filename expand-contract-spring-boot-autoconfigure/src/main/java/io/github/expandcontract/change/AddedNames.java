package io.github.expandcontract.change;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * What holds for the names of every declaration that adds something to a table.
 */
final class AddedNames {

	private static final int MAX_BYTES = 63;

	private AddedNames() {
	}

	/**
	 * Checks the names.
	 * @throws InvalidDeclarationException if one is empty or longer than PostgreSQL keeps
	 * it, there is no column, a column is named twice, or the id cannot be used
	 */
	static void require(@Nullable String explicitId, String table, String name, Collection<String> columns,
			String declaredAt) {
		if (table.isBlank() || name.isBlank() || columns.isEmpty() || columns.stream().anyMatch(String::isBlank)) {
			throw InvalidDeclarationException.unnamed(declaredAt);
		}
		if (name.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
			throw InvalidDeclarationException.tooLong(declaredAt, name);
		}
		if (new HashSet<>(columns).size() < columns.size()) {
			throw InvalidDeclarationException.namedTwice(declaredAt, List.copyOf(columns));
		}
		ChangeIds.requireUsable(ChangeIds.of(explicitId, table, name), declaredAt);
	}

}
