package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.sql.ColumnRule;

/**
 * The rows of {@link java.sql.DatabaseMetaData#getColumns} as they will be in the end, as
 * far as they are read one after the other: without the columns that go away, and each
 * column that has another name now under its final one.
 */
final class RemainingColumns extends Delegation {

	private static final String NAME = "COLUMN_NAME";

	private static final int NAME_INDEX = 4;

	private static final Set<String> GETTERS = Set.of("getString", "getNString", "getObject");

	private final ResultSet rows;

	private final List<ColumnRule> rules;

	private final @Nullable Pattern wanted;

	private String name = "";

	private RemainingColumns(ResultSet rows, List<ColumnRule> rules, @Nullable Pattern wanted) {
		super(rows);
		this.rows = rows;
		this.rules = rules;
		this.wanted = wanted;
	}

	/**
	 * Shows rows as they will be.
	 * @param rows the rows of all columns
	 * @param rules the rules of the columns that change
	 * @param pattern what the columns that are asked for are called, as the driver takes
	 * it, {@code null} for all
	 */
	static ResultSet of(ResultSet rows, List<ColumnRule> rules, @Nullable String pattern) {
		return proxy(ResultSet.class,
				new RemainingColumns(rows, rules, (pattern != null) ? Pattern.compile(expression(pattern)) : null));
	}

	private static String expression(String pattern) {
		StringBuilder expression = new StringBuilder();
		for (int i = 0; i < pattern.length(); i++) {
			char character = pattern.charAt(i);
			if (character == '%') {
				expression.append(".*");
			}
			else if (character == '_') {
				expression.append('.');
			}
			else {
				boolean escapes = character == '\\' && i + 1 < pattern.length();
				expression.append(Pattern.quote(String.valueOf(escapes ? pattern.charAt(++i) : character)));
			}
		}
		return expression.toString();
	}

	@Override
	@Nullable Object call(Object proxy, Method method, Object[] args) throws Throwable {
		if (method.getName().equals("next")) {
			return next();
		}
		Object value = delegate(method, args);
		return (value instanceof String && GETTERS.contains(method.getName()) && isName(args[0])) ? this.name : value;
	}

	private static boolean isName(Object column) {
		return column.equals(NAME_INDEX) || (column instanceof String label && label.equalsIgnoreCase(NAME));
	}

	private boolean next() throws SQLException {
		while (this.rows.next()) {
			String schema = this.rows.getString("TABLE_SCHEM");
			String table = this.rows.getString("TABLE_NAME");
			String column = this.rows.getString(NAME);
			List<ColumnRule> concerned = this.rules.stream()
				.filter((rule) -> rule.change().table().schema().equals(schema)
						&& rule.change().table().name().equals(table))
				.toList();
			if (concerned.stream().noneMatch((rule) -> rule.hides(column))) {
				this.name = concerned.stream()
					.filter((rule) -> rule.isOn(column))
					.map(ColumnRule::name)
					.findFirst()
					.orElse(column);
				if (this.wanted == null || this.wanted.matcher(this.name).matches()) {
					return true;
				}
			}
		}
		return false;
	}

}
