package io.github.expandcontract.sql;

import java.util.Set;

import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;

/**
 * Key words as PostgreSQL classes them (manual, appendix C).
 */
final class Keywords {

	/**
	 * Words that are never a column, a function or an alias without AS.
	 */
	private static final Set<String> RESERVED = Set.of("all", "analyse", "analyze", "and", "any", "array", "as", "asc",
			"asymmetric", "both", "case", "cast", "check", "collate", "column", "constraint", "create",
			"current_catalog", "current_date", "current_role", "current_time", "current_timestamp", "current_user",
			"default", "deferrable", "desc", "distinct", "do", "else", "end", "except", "false", "fetch", "for",
			"foreign", "from", "grant", "group", "having", "in", "initially", "intersect", "into", "lateral", "leading",
			"limit", "localtime", "localtimestamp", "not", "null", "offset", "on", "only", "or", "order", "placing",
			"primary", "references", "returning", "select", "session_user", "some", "symmetric", "system_user", "table",
			"then", "to", "trailing", "true", "union", "unique", "user", "using", "variadic", "when", "where", "window",
			"with");

	/**
	 * Words that may be a function or a type, but not a column or an alias of a table.
	 */
	private static final Set<String> FUNCTION_OR_TYPE = Set.of("authorization", "binary", "collation", "concurrently",
			"cross", "current_schema", "freeze", "full", "ilike", "inner", "is", "isnull", "join", "left", "like",
			"natural", "notnull", "outer", "overlaps", "right", "similar", "tablesample", "verbose");

	/**
	 * Words that may be a column, but not a function of the user's.
	 */
	private static final Set<String> COLUMN = Set.of("between", "bigint", "bit", "boolean", "char", "character",
			"coalesce", "dec", "decimal", "exists", "extract", "float", "greatest", "grouping", "inout", "int",
			"integer", "interval", "json", "json_array", "json_arrayagg", "json_exists", "json_object",
			"json_objectagg", "json_query", "json_scalar", "json_serialize", "json_table", "json_value", "least",
			"merge_action", "national", "nchar", "none", "normalize", "nullif", "numeric", "out", "overlay", "position",
			"precision", "real", "row", "setof", "smallint", "substring", "time", "timestamp", "treat", "trim",
			"values", "varchar", "xmlattributes", "xmlconcat", "xmlelement", "xmlexists", "xmlforest", "xmlnamespaces",
			"xmlparse", "xmlpi", "xmlroot", "xmlserialize", "xmltable");

	/**
	 * Words that begin a new clause where an expression might go on.
	 */
	private static final Set<String> NO_LABEL = Set.of("filter", "over", "within", "without", "to", "isnull", "notnull",
			"overlaps", "day", "hour", "minute", "month", "second", "year", "varying", "precision", "char",
			"character");

	/**
	 * Reserved words that stand for a value.
	 */
	private static final Set<String> VALUES = Set.of("current_catalog", "current_date", "current_role", "current_time",
			"current_timestamp", "current_user", "default", "false", "localtime", "localtimestamp", "null",
			"session_user", "system_user", "true", "user", "current_schema");

	/**
	 * Functions of the SQL standard's own syntax, none of them volatile.
	 */
	private static final Set<String> STANDARD_FUNCTIONS = Set.of("coalesce", "nullif", "greatest", "least", "cast",
			"extract", "overlay", "position", "substring", "trim", "normalize", "row", "current_time",
			"current_timestamp", "localtime", "localtimestamp", "array", "grouping", "treat");

	private Keywords() {
	}

	static boolean isReserved(Token token) {
		return token.is(TokenKind.WORD) && RESERVED.contains(token.name());
	}

	/**
	 * Whether a word can be neither a column nor an alias without AS.
	 */
	static boolean isNoName(Token token) {
		return token.is(TokenKind.WORD) && (RESERVED.contains(token.name()) || FUNCTION_OR_TYPE.contains(token.name()));
	}

	static boolean isValue(Token token) {
		return token.is(TokenKind.WORD) && VALUES.contains(token.name());
	}

	/**
	 * Whether a token behind an expression may be its label without AS.
	 */
	static boolean isBareLabel(Token token) {
		return token.is(TokenKind.QUOTED)
				|| (token.is(TokenKind.WORD) && !isNoName(token) && !NO_LABEL.contains(token.name()));
	}

	static boolean isStandardFunction(String name) {
		return STANDARD_FUNCTIONS.contains(name);
	}

	static boolean needQuotes(String name) {
		return RESERVED.contains(name) || FUNCTION_OR_TYPE.contains(name) || COLUMN.contains(name);
	}

}
