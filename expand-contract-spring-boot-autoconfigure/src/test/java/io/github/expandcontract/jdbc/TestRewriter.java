package io.github.expandcontract.jdbc;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.expandcontract.sql.ColumnRule;
import io.github.expandcontract.sql.GeneratedKeys;
import io.github.expandcontract.sql.ParameterMap;
import io.github.expandcontract.sql.Reading;
import io.github.expandcontract.sql.Rewriting;
import io.github.expandcontract.sql.SchemaView;
import io.github.expandcontract.sql.Writing;

/**
 * Knows just enough of SQL for the texts of these tests: it writes the old column beside
 * the new one and so moves and duplicates parameters.
 */
final class TestRewriter implements Rewriter {

	private static final Pattern INSERT = Pattern.compile("INSERT INTO users \\((.*?)\\) VALUES (.*)");

	private static final Pattern UPDATE = Pattern.compile("UPDATE users SET handle = (\\?|'[^']*')(.*)");

	private final List<ColumnRule> rules;

	private TestRewriter(List<ColumnRule> rules) {
		this.rules = rules;
	}

	static Rewriter create(SchemaView schema, List<ColumnRule> rules) {
		return new TestRewriter(rules);
	}

	@Override
	public Rewriting rewrite(String sql, GeneratedKeys keys) {
		if (this.rules.isEmpty() || !sql.contains("handle")) {
			return new Rewriting.Untouched();
		}
		if (sql.contains("NATURAL JOIN")) {
			return new Rewriting.Refused(sql.indexOf("NATURAL"), "A natural join changes when a column appears.",
					"Name the columns with USING.");
		}
		ColumnRule rule = this.rules.get(0);
		Matcher insert = INSERT.matcher(sql);
		if (insert.matches()) {
			return insert(insert, rule, keys);
		}
		Matcher update = UPDATE.matcher(sql);
		if (update.matches()) {
			return update(update, rule);
		}
		String select = switch (rule.output()) {
			case OLD -> "username AS handle";
			case FALLBACK -> "COALESCE(handle, username) AS handle";
			case NEW -> "handle";
		};
		String where = (rule.predicate() == Reading.NEW) ? "handle" : "username";
		String text = sql.replaceFirst("(?<=SELECT [a-z, ]{0,20})\\bhandle\\b", select)
			.replaceAll("(?<=(WHERE|ORDER BY) )handle", where);
		return new Rewriting.Rewritten(text, identity(sql), false);
	}

	private Rewriting insert(Matcher insert, ColumnRule rule, GeneratedKeys keys) {
		List<String> columns = new ArrayList<>(List.of(insert.group(1).split(", ")));
		int at = columns.indexOf("handle");
		List<Integer> originals = new ArrayList<>();
		StringBuilder values = new StringBuilder();
		int count = 0;
		for (String row : List.of(insert.group(2).split("\\), \\(|\\(|\\)"))) {
			if (row.isBlank()) {
				continue;
			}
			List<String> items = new ArrayList<>(List.of(row.split(", ")));
			List<Integer> numbers = new ArrayList<>();
			for (String item : items) {
				numbers.add(item.equals("?") ? ++count : 0);
			}
			if (rule.writing() == Writing.BOTH) {
				items.add(at, items.get(at));
				numbers.add(at, numbers.get(at));
			}
			numbers.stream().filter((number) -> number > 0).forEach(originals::add);
			values.append(values.isEmpty() ? "(" : ", (").append(String.join(", ", items)).append(')');
		}
		if (rule.writing() == Writing.BOTH) {
			columns.add(at, "username");
		}
		else if (rule.writing() == Writing.OLD) {
			columns.set(at, "username");
		}
		boolean returning = keys.equals(GeneratedKeys.ALL);
		String text = "INSERT INTO users (" + String.join(", ", columns) + ") VALUES " + values
				+ (returning ? " RETURNING id, username AS handle" : "");
		return new Rewriting.Rewritten(text, ParameterMap.of(count, originals), returning);
	}

	private Rewriting update(Matcher update, ColumnRule rule) {
		int rest = (int) update.group(2).chars().filter((c) -> c == '?').count();
		String value = update.group(1);
		boolean parameter = value.equals("?");
		int count = rest + (parameter ? 1 : 0);
		List<Integer> originals = new ArrayList<>();
		for (int i = 1; i <= count; i++) {
			originals.add(i);
		}
		String set = switch (rule.writing()) {
			case OLD -> "username = " + value;
			case NEW -> "handle = " + value;
			case BOTH -> "handle = " + value + ", username = " + value;
		};
		if (parameter && rule.writing() == Writing.BOTH) {
			originals.add(0, 1);
		}
		return new Rewriting.Rewritten("UPDATE users SET " + set + update.group(2), ParameterMap.of(count, originals),
				false);
	}

	private static ParameterMap identity(String sql) {
		int count = (int) sql.chars().filter((c) -> c == '?').count();
		List<Integer> originals = new ArrayList<>();
		for (int i = 1; i <= count; i++) {
			originals.add(i);
		}
		return ParameterMap.of(count, originals);
	}

}
