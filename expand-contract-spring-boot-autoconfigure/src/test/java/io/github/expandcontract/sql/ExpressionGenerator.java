package io.github.expandcontract.sql;

import java.util.List;
import java.util.regex.Pattern;

import io.github.expandcontract.sql.Visible.Kind;

/**
 * Generates expressions over what is visible.
 */
final class ExpressionGenerator {

	private static final Pattern CHANGING = Pattern.compile("(?i)(.*\\.)?\"?(handle|sku|label|group|price|millis)\"?");

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
			case DECIMAL -> decimal(visible, common, depth);
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
				"'it''s'", "E'a\\'b'", "$$username$$", "''", "'zed'", "U&'\\0061nn'", "$h$handle ? '$h$", "e'\\x61nn'",
				"'? -- '", "'/*'");
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
		return switch (this.dice.below(26)) {
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
			case 15 -> "greet(" + this.dice.pick("", "handle => ") + text(visible, common, 0) + ")";
			case 16 ->
				this.dice.pick("trim(both 'a' from ", "overlay('abcd' placing 'X' from 2 for 1) || (", "initcap(")
						+ text(visible, common, less) + ")";
			case 17 -> "greatest(" + text(visible, common, 0) + ", " + textValue() + ")";
			case 18 -> text(visible, common, 0) + "::varchar(3)";
			case 19 -> text(visible, common, 0) + " OPERATOR(pg_catalog.||) " + literal();
			case 20 -> "jsonb_build_object('handle', " + text(visible, common, 0) + ") ->> 'handle'";
			default -> column;
		};
	}

	/**
	 * A number with digits behind the point.
	 */
	String decimal(Visible visible, CommonTables common, int depth) {
		String column = reference(Kind.DECIMAL, visible, "12.5");
		if (depth <= 0) {
			return this.dice.chance(75) ? column : this.dice.pick("10", "12.50", "0");
		}
		return switch (this.dice.below(9)) {
			case 0 -> "coalesce(" + column + ", " + GeneratedSql.parameter("1.5") + ")";
			case 1 -> column + this.dice.pick(" * 2", " + 1", " - 0.5");
			case 2 -> "round(" + decimal(visible, common, depth - 1) + ", 1)";
			case 3 -> this.queries.scalar(Kind.DECIMAL, visible, common, depth - 1);
			case 4 -> "CASE WHEN " + condition(visible, common, depth - 1) + " THEN " + column + " ELSE 1.5 END";
			case 5 -> GeneratedSql.parameter("20") + "::numeric";
			case 6 -> "-" + column;
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
		return switch (this.dice.below(28)) {
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
			case 19 -> decimal(visible, common, less) + " " + operator() + " " + decimal(visible, common, 0);
			case 20 -> decimal(visible, common, 0) + this.dice.pick(" BETWEEN 5 AND " + GeneratedSql.parameter("20"),
					" IN (10, 20)", " = " + GeneratedSql.parameter("10"), " IS NULL", " > 10.0");
			case 21 -> left + this.dice.pick(" = ANY (", " <> ALL (", " = SOME (")
					+ GeneratedSql.parameter("{ann,bob,c1}") + ")";
			case 22 -> left + this.dice.pick(" ~ ", " !~* ", " SIMILAR TO ", " ^@ ") + this.dice.pick("'a'", "'b.*'");
			case 23 ->
				left + " = ANY (ARRAY(" + this.queries.correlated(List.of(Kind.TEXT), visible, common, less) + "))";
			default -> left + " " + operator() + " " + textValue();
		};
	}

	private String operator() {
		return this.dice.pick("=", "=", "=", "<>", "<", ">", ">=", "!=");
	}

}
