package io.github.expandcontract.jdbc;

import java.sql.Statement;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.sql.GeneratedKeys;

/**
 * What a caller who hands a text to the driver wants back of the written rows. Who gives
 * the numbers of columns wants none, for the driver takes no numbers.
 */
final class WantedKeys {

	private WantedKeys() {
	}

	static GeneratedKeys of(int flag) {
		return (flag == Statement.RETURN_GENERATED_KEYS) ? GeneratedKeys.ALL : GeneratedKeys.NONE;
	}

	static GeneratedKeys of(String @Nullable [] columns) {
		if (columns == null) {
			// The driver takes no names for all columns.
			return GeneratedKeys.ALL;
		}
		return (columns.length > 0) ? new GeneratedKeys.Named(List.of(columns)) : GeneratedKeys.NONE;
	}

}
