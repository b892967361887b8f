package io.github.expandcontract.sql;

import java.util.List;
import java.util.regex.Pattern;

import io.github.expandcontract.sql.Visible.Kind;

/**
 * Generates expressions over what is visible.
 */
final class ExpressionGenerator {

	private static final Pattern CHANGING = Pattern.compile("(?i)(.*\\.)?\"?(handle|sku|label|group)\"?");

	private final Dice dice;

	private final QueryGenerator queries;

	ExpressionGenerator(Dice dice, QueryGenerator queries) {
		this.dice = dice;
		this.queries = queries;
	}

	/**
	 * A value.
	 * @param depth how many levels of nesting it may have
	 */
	String value(Kind kind, Visible visible, CommonTables common, int depth) {
		return switch (kind) {
			case TEXT -> text(visible, common, depth);
			case INT -> number(visible, common, depth);
			case BOOL -> condition(visible, common, depth);
			case OTHER -> reference(Kind.OTHER, visible, "NULL");
		};
	}

	/**
	 * A column, most likely one that changes.
	 */
	String reference(Kind kind, Visible visible, String otherwise) {
		List<String> references = visible.references(kind);
		if (references.isEmpty()) {
			return otherwise;
		}
		List<String> changing = references.stream().filter((name) -> CHANGING.matcher(name).matches()).toList();
		String reference = this.dice.pick((!changing.isEmpty() && this.dice.chance(60)) ? changing : references);
		return this.dice.chance(4) ? reference.replaceAll("(?<![\"\\w])([a-z_]+)(?![\"\\w])", "\"$1\"") : reference;
	}

	String literal() {
		return this.dice.pick("'ann'", "'bob'", "'Cy'", "'dee'", "'c1'", "'t2'", "'p1'", "'u-acc-1'", "'handle'",
				"'it''s'", "E'a\\'b'", "$$username$$", "''", "'zed'");
	}

	private String textValue() {
		return this.dice.chance(35)
				? GeneratedSql.parameter(this.dice.chance(10) ? null : this.dice.pick("ann", "bob", "dee", "c1", "x"))
				: literal();
	}

	String text(Visible visible, CommonTables common, int depth) {
		String column = reference(Kind.TEXT, visible, literal());
		if (depth <= 0) {
			return this.dice.chance(75) ? column : literal();
		}
		int less = depth - 1;
		return switch (this.dice.below(20)) {
			case 0 -> this.dice.pick("lower", "upper", "btrim", "reverse") + "(" + text(visible, common, less) + ")";
			case 1 -> "coalesce(" + text(visible, common, less) + ", " + textValue() + ")";
			case 2 -> text(visible, common, 0) + " || " + literal();
			case 3 -> "CASE WHEN " + condition(visible, common, less) + " THEN " + text(visible, common, less)
					+ (this.dice.chance(70) ? " ELSE " + text(visible, common, less) : "") + " END";
			case 4 -> "CASE " + column + " WHEN " + literal() + " THEN " + text(visible, common, less) + " ELSE "
					+ text(visible, common, 0) + " END";
			case 5 -> "CAST(" + text(visible, common, less) + " AS " + this.dice.pick("text", "varchar") + ")::text";
			case 6 -> "substring(" + text(visible, common, 0) + " from 1 for " + this.dice.between(1, 3) + ")";
			case 7, 8 -> this.queries.scalar(Kind.TEXT, visible, common, less);
			case 9 -> "nullif(" + text(visible, common, 0) + ", " + textValue() + ")";
			case 10 -> "concat_ws('-', " + text(visible, common, 0) + ", " + text(visible, common, less) + ")";
			case 11 -> "(" + text(visible, common, less) + ")";
			case 12 -> "NULL::text";
			case 13 -> GeneratedSql.parameter(this.dice.pick("ann", "q")) + "::text";
			case 14 -> "(ARRAY[" + text(visible, common, 0) + ", " + literal() + "])[1]";
			default -> column;
		};
	}

	String number(Visible visible, CommonTables common, int depth) {
		String column = reference(Kind.INT, visible, "7");
		if (depth <= 0) {
			return this.dice.chance(70) ? column : String.valueOf(this.dice.below(5));
		}
		return switch (this.dice.below(9)) {
			case 0 -> "length(" + text(visible, common, depth - 1) + ")";
			case 1 -> number(visible, common, 0) + " + " + this.dice.below(9);
			case 2 -> this.queries.scalar(Kind.INT, visible, common, depth - 1);
			case 3 -> "CASE WHEN " + condition(visible, common, depth - 1) + " THEN 1 ELSE 0 END";
			case 4 -> "position('n' in " + text(visible, common, 0) + ")";
			case 5 -> GeneratedSql.parameter(String.valueOf(this.dice.below(4))) + "::int";
			default -> column;
		};
	}

	String condition(Visible visible, CommonTables common, int depth) {
		String left = text(visible, common, Math.min(depth - 1, 1));
		if (depth <= 0) {
			return left + " " + operator() + " " + textValue();
		}
		int less = depth - 1;
		return switch (this.dice.below(22)) {
			case 0, 1 -> left + " " + operator() + " " + text(visible, common, less);
			case 2 -> left + " IS " + this.dice.pick("NULL", "NOT NULL");
			case 3 -> left + " IS " + this.dice.pick("", "NOT ") + "DISTINCT FROM " + text(visible, common, 0);
			case 4 -> left + this.dice.pick(" IN (", " NOT IN (") + textValue() + ", " + text(visible, common, 0) + ")";
			case 5 ->
				left + this.dice.pick(" LIKE ", " NOT LIKE ", " ILIKE ") + this.dice.pick("'%n%'", "'b%'", "'_o%'");
			case 6 -> left + this.dice.pick(" BETWEEN ", " NOT BETWEEN ") + textValue() + " AND " + literal();
			case 7 -> "NOT (" + condition(visible, common, less) + ")";
			case 8, 9 -> "(" + condition(visible, common, less) + this.dice.pick(" AND ", " OR ")
					+ condition(visible, common, less) + ")";
			case 10, 11 -> this.dice.pick("EXISTS ", "NOT EXISTS ") + "("
					+ this.queries.correlated(List.of(), visible, common, less) + ")";
			case 12 -> left + this.dice.pick(" IN (", " NOT IN (", " = ANY (", " <> ALL (")
					+ this.queries.correlated(List.of(Kind.TEXT), visible, common, less) + ")";
			case 13 -> left + " = ANY (ARRAY[" + textValue() + ", " + text(visible, common, 0) + "]::text[])";
			case 14 -> "(" + left + ", " + number(visible, common, 0) + ") " + this.dice.pick(">", "<=", "=") + " ("
					+ textValue() + ", " + this.dice.below(4) + ")";
			case 15 -> "(" + left + ", " + number(visible, common, 0) + ") IN ("
					+ this.queries.correlated(List.of(Kind.TEXT, Kind.INT), visible, common, less) + ")";
			case 16 -> left + " COLLATE \"C\" < " + literal();
			case 17, 18 -> number(visible, common, less) + " " + operator() + " " + number(visible, common, 0);
			default -> left + " " + operator() + " " + textValue();
		};
	}

	private String operator() {
		return this.dice.pick("=", "=", "=", "<>", "<", ">", ">=", "!=");
	}

}
