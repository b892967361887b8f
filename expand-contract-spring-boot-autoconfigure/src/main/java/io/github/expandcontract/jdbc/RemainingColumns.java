package io.github.expandcontract.jdbc;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.sql.ColumnRule;

/**
 * The rows of {@link java.sql.DatabaseMetaData#getColumns} as they will be in the end, as
 * far as they are read one after the other: without the columns that go away, and each
 * column that has another name now under its final one.
 */
abstract class RemainingColumns extends Delegating<ResultSet> implements ResultSet {

	private static final Completion<RemainingColumns> COMPLETION = Completion.of(RemainingColumns.class);

	private static final String NAME = "COLUMN_NAME";

	private static final int NAME_INDEX = 4;

	private final List<ColumnRule> rules;

	private final @Nullable Pattern wanted;

	private String name = "";

	RemainingColumns(ResultSet rows, List<ColumnRule> rules, @Nullable Pattern wanted) {
		super(rows);
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
		return COMPLETION.create(rows, rules, (pattern != null) ? Pattern.compile(expression(pattern)) : null);
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
	public boolean next() throws SQLException {
		while (target().next()) {
			String schema = target().getString("TABLE_SCHEM");
			String table = target().getString("TABLE_NAME");
			String column = target().getString(NAME);
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

	@Override
	public String getString(int columnIndex) throws SQLException {
		return named(isName(columnIndex), target().getString(columnIndex));
	}

	@Override
	public String getString(String columnLabel) throws SQLException {
		return named(isName(columnLabel), target().getString(columnLabel));
	}

	@Override
	public String getNString(int columnIndex) throws SQLException {
		return named(isName(columnIndex), target().getNString(columnIndex));
	}

	@Override
	public String getNString(String columnLabel) throws SQLException {
		return named(isName(columnLabel), target().getNString(columnLabel));
	}

	@Override
	public Object getObject(int columnIndex) throws SQLException {
		return named(isName(columnIndex), target().getObject(columnIndex));
	}

	@Override
	public Object getObject(String columnLabel) throws SQLException {
		return named(isName(columnLabel), target().getObject(columnLabel));
	}

	@Override
	public Object getObject(int columnIndex, Map<String, Class<?>> map) throws SQLException {
		return named(isName(columnIndex), target().getObject(columnIndex, map));
	}

	@Override
	public Object getObject(String columnLabel, Map<String, Class<?>> map) throws SQLException {
		return named(isName(columnLabel), target().getObject(columnLabel, map));
	}

	@Override
	public <T> T getObject(int columnIndex, Class<T> type) throws SQLException {
		return named(isName(columnIndex), target().getObject(columnIndex, type));
	}

	@Override
	public <T> T getObject(String columnLabel, Class<T> type) throws SQLException {
		return named(isName(columnLabel), target().getObject(columnLabel, type));
	}

	/**
	 * What the driver gave, or the column's name in its place.
	 */
	@SuppressWarnings("unchecked")
	private <T> T named(boolean isName, T value) {
		return (isName && value instanceof String) ? (T) this.name : value;
	}

	private static boolean isName(int index) {
		return index == NAME_INDEX;
	}

	private static boolean isName(String label) {
		return label.equalsIgnoreCase(NAME);
	}

}
