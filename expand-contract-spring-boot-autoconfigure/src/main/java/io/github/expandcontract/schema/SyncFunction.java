package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.Identifiers;

/**
 * The text of the function that a {@link SyncTrigger} calls.
 */
final class SyncFunction {

	private static final String NAMED = "expand_contract.named";

	private final RowChange change;

	private final List<String> olds;

	private final List<String> news;

	SyncFunction(RowChange change) {
		this.change = change;
		this.olds = change.oldColumns();
		this.news = change.newColumns();
	}

	String body() {
		if (this.olds.isEmpty()) {
			return fillBody();
		}
		return (this.olds.size() == 1 && this.news.size() == 1) ? pairBody() : severalBody();
	}

	/**
	 * What each expression of the change is in the text.
	 */
	List<String> assignments() {
		List<String> assignments = new ArrayList<>(assignNew());
		assignments.addAll(assignOld());
		return assignments;
	}

	private String fillBody() {
		return """

				BEGIN
				  IF pg_catalog.current_setting('expand_contract.sync', true) = 'off' THEN
				    RETURN NEW;
				  END IF;
				  IF %1$s THEN
				    %2$s
				  END IF;
				  RETURN NEW;
				END
				""".formatted(empty("NEW", this.news), lines(assignNew(), 4));
	}

	private String pairBody() {
		return """

				BEGIN
				  IF pg_catalog.current_setting('expand_contract.sync', true) = 'off' THEN
				    RETURN NEW;
				  END IF;
				  IF TG_OP = 'INSERT' THEN
				    IF %1$s THEN
				      %2$s
				    ELSE
				      %3$s
				    END IF;
				  ELSIF %4$s THEN
				    IF NOT (%5$s) THEN
				      %2$s
				    END IF;
				  ELSIF %5$s THEN
				    %3$s
				  END IF;
				  RETURN NEW;
				END
				""".formatted(empty("NEW", this.news), lines(assignNew(), 6), lines(assignOld(), 6), changed(this.olds),
				changed(this.news));
	}

	private String severalBody() {
		return """

				DECLARE
				  named text := coalesce(pg_catalog.current_setting('%9$s', true), '');
				  old_written boolean;
				  new_written boolean;
				BEGIN
				  IF pg_catalog.current_setting('expand_contract.sync', true) = 'off' THEN
				    RETURN NEW;
				  END IF;
				  IF TG_NARGS > 0 THEN
				    PERFORM pg_catalog.set_config('%9$s', named || TG_ARGV[0], true);
				    RETURN NEW;
				  END IF;
				  IF TG_OP = 'INSERT' THEN
				    IF %1$s THEN
				      %2$s
				    ELSE
				      %3$s
				    END IF;
				    RETURN NEW;
				  END IF;
				  IF named <> '' THEN
				    PERFORM pg_catalog.set_config('%9$s', '', true);
				  END IF;
				  old_written := %4$s OR pg_catalog.strpos(named, 'o') > 0;
				  new_written := %5$s OR pg_catalog.strpos(named, 'n') > 0;
				%7$s%8$s  IF old_written AND NOT new_written THEN
				    %6$s
				  ELSIF new_written AND NOT old_written THEN
				    %10$s
				  END IF;
				  RETURN NEW;
				END
				""".formatted(empty("NEW", this.news), lines(assignNew(), 6), lines(assignOld(), 6), changed(this.olds),
				changed(this.news), lines(assignNew(), 4), completeNew(), completeOld(), NAMED, lines(assignOld(), 4));
	}

	private String completeNew() {
		return complete("new_written", this.news,
				IntStream.range(0, this.news.size())
					.mapToObj((i) -> complete(this.news.get(i), up(this.news.get(i), "OLD"), newMark(i)))
					.toList());
	}

	private String completeOld() {
		return complete("old_written", this.olds,
				IntStream.range(0, this.olds.size())
					.mapToObj((i) -> complete(this.olds.get(i), down(this.olds.get(i), "OLD"), oldMark(i)))
					.toList());
	}

	/**
	 * Gives the columns of a side that was not filled, and that the statement has not
	 * named, what the other side gave before.
	 */
	private String complete(String written, List<String> side, List<String> columns) {
		if (side.size() == 1) {
			return "";
		}
		return "  IF " + written + " AND " + empty("OLD", side) + "\n    AND " + newDiffers() + "\n    AND "
				+ oldDiffers() + " THEN\n" + String.join("", columns) + "  END IF;\n";
	}

	private static String complete(String column, String value, String mark) {
		String name = "NEW." + Identifiers.quote(column);
		return "    IF " + name + " IS NOT DISTINCT FROM NULL AND pg_catalog.strpos(named, '" + mark
				+ "') = 0 THEN\n      " + name + " := " + value + ";\n    END IF;\n";
	}

	private String newDiffers() {
		return this.news.stream()
			.map((column) -> "NEW." + Identifiers.quote(column) + " IS DISTINCT FROM " + up(column, "NEW"))
			.collect(Collectors.joining(" OR ", "(", ")"));
	}

	private String oldDiffers() {
		return this.olds.stream()
			.map((column) -> "NEW." + Identifiers.quote(column) + " IS DISTINCT FROM " + down(column, "NEW"))
			.collect(Collectors.joining(" OR ", "(", ")"));
	}

	static String newMark(int index) {
		return "n" + index + ";";
	}

	static String oldMark(int index) {
		return "o" + index + ";";
	}

	private List<String> assignNew() {
		return this.news.stream()
			.map((column) -> "NEW." + Identifiers.quote(column) + " := " + up(column, "NEW") + ";")
			.toList();
	}

	private List<String> assignOld() {
		return this.olds.stream()
			.map((column) -> "NEW." + Identifiers.quote(column) + " := " + down(column, "NEW") + ";")
			.toList();
	}

	private String up(String newColumn, String row) {
		return this.change.up(newColumn, (column) -> row + "." + Identifiers.quote(column));
	}

	private String down(String oldColumn, String row) {
		return this.change.down(oldColumn, (column) -> row + "." + Identifiers.quote(column));
	}

	private static String lines(List<String> statements, int indentation) {
		return String.join("\n" + " ".repeat(indentation), statements);
	}

	static String empty(String row, List<String> columns) {
		return columns.stream()
			.map((column) -> row + "." + Identifiers.quote(column) + " IS NOT DISTINCT FROM NULL")
			.collect(Collectors.joining(" AND "));
	}

	/*
	 * By image and not by equality: a new letter case in citext is a change too, and json
	 * has no equality. The casts keep the parser from comparing field by field.
	 */
	static String changed(List<String> columns) {
		return row("OLD", columns) + " OPERATOR(pg_catalog.*<>) " + row("NEW", columns);
	}

	private static String row(String row, List<String> columns) {
		return columns.stream()
			.map((column) -> row + "." + Identifiers.quote(column))
			.collect(Collectors.joining(", ", "ROW(", ")::record"));
	}

}
