package io.github.expandcontract.schema;

/**
 * Small pieces of SQL text.
 */
final class Sql {

	private Sql() {
	}

	static String literal(String value) {
		String quoted = "'" + value.replace("'", "''") + "'";
		return value.contains("\\") ? "E" + quoted.replace("\\", "\\\\") : quoted;
	}

}
