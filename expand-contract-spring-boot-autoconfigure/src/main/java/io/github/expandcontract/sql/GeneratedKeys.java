package io.github.expandcontract.sql;

import java.util.List;

/**
 * Which columns of the written rows the caller wants back from the driver.
 */
public sealed interface GeneratedKeys {

	/**
	 * None were asked for.
	 */
	GeneratedKeys NONE = new None();

	/**
	 * All columns, as by {@code Statement.RETURN_GENERATED_KEYS}.
	 */
	GeneratedKeys ALL = new All();

	/**
	 * None were asked for.
	 */
	record None() implements GeneratedKeys {
	}

	/**
	 * All columns.
	 */
	record All() implements GeneratedKeys {
	}

	/**
	 * The named columns.
	 *
	 * @param columns their names as the catalog spells them
	 */
	record Named(List<String> columns) implements GeneratedKeys {

		public Named {
			columns = List.copyOf(columns);
		}

	}

}
