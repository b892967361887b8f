package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.Lexer;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * A view that uses old, or another such view, and what it is over new.
 *
 * @param rule the object id of the rule that makes it
 * @param name its name
 * @param head what stands before its query where it is created
 * @param definition its query over new, {@code null} where it cannot be told
 * @param problem why it cannot be built again, {@code null} if it can
 * @param columns its columns and their types
 * @param trimmings what makes it again what it was, once it is there
 */
record ViewCopy(long rule, TableName name, String head, @Nullable String definition, @Nullable String problem,
		String columns, List<String> trimmings) {

	/**
	 * The name of the table beside which the view is read.
	 */
	static final String TABLE = "expand_contract_table";

	// What may stand between a table and a bracket; anything else there is an alias with
	// names for the columns
	private static final Set<String> NO_ALIAS = Set.of("where", "on", "using", "group", "having", "order", "window",
			"limit", "offset", "fetch", "for", "union", "intersect", "except", "join", "left", "right", "full", "inner",
			"cross", "natural", "tablesample");

	ObjectId id() {
		return new ObjectId(ObjectId.RULE, this.rule);
	}

	boolean carried() {
		return this.problem == null;
	}

	Step drop() {
		return Step.inTransaction("drop view " + this.name + " to build it again", LockLevel.NONE,
				"DROP VIEW " + this.name.quoted() + " RESTRICT");
	}

	List<Step> create() {
		List<Step> steps = new ArrayList<>();
		steps.add(Step.inTransaction("build view " + this.name + " again", LockLevel.NONE,
				this.head + " AS " + this.definition));
		steps.add(Step.inTransaction("require of the view the columns that it had", LockLevel.NONE,
				require(this.name, this.columns)));
		this.trimmings.forEach(
				(sql) -> steps.add(Step.inTransaction("give view " + this.name + " what it had", LockLevel.NONE, sql)));
		return steps;
	}

	/*
	 * In the statement itself, so that the plan shows it and whoever runs it by hand is
	 * held to it.
	 */
	private static String require(TableName view, String columns) {
		return "DO " + Sql.literal("BEGIN IF (" + columnsOf(Sql.literal(view.quoted()) + "::regclass")
				+ ") IS DISTINCT FROM " + Sql.literal(columns) + " THEN RAISE EXCEPTION "
				+ Sql.literal("The view " + view.quoted().replace("%", "%%")
						+ " would get other columns than it had; drop it and create it again after CONTRACT.")
				+ "; END IF; END");
	}

	static String columnsOf(String view) {
		return "SELECT pg_catalog.string_agg(pg_catalog.quote_ident(attname) || ' ' "
				+ "|| pg_catalog.format_type(atttypid, atttypmod), ', ' ORDER BY attnum) FROM pg_catalog.pg_attribute WHERE attrelid = "
				+ view + " AND attnum > 0";
	}

	/**
	 * Puts {@code down(new)} where a view over the marked table has old.
	 * @param relation the table that it is to read, as a FROM clause names it
	 * @param alias the name by which columns of that table are qualified then
	 * @return the query, {@code null} if it gives the table's columns names of its own,
	 * which would stand for others once one is gone
	 */
	static @Nullable String overNew(String marked, ColumnChange change, String relation, String alias) {
		Tokens tokens = Lexer.tokens(marked);
		StringBuilder result = new StringBuilder();
		int last = 0;
		boolean found = false;
		for (int i = 0; i < tokens.size(); i++) {
			if (!tokens.get(i).isName()) {
				continue;
			}
			String replacement = null;
			int start = tokens.get(i).start();
			if (tokens.get(i).name().equals(Substitution.OLD)) {
				found = true;
				String qualifier = "";
				if (i > 1 && tokens.get(i - 1).is(TokenKind.DOT)) {
					String written = tokens.get(i - 2).name().equals(TABLE) ? alias : tokens.text(i - 2);
					qualifier = written + ".";
					start = tokens.get(i - 2).start();
				}
				replacement = change.down(qualifier + Identifiers.quote(change.newColumn()));
			}
			else if (tokens.get(i).name().equals(TABLE)) {
				if (tokens.get(i + 1).isName() && !NO_ALIAS.contains(tokens.get(i + 1).name())
						&& tokens.get(i + 2).is(TokenKind.OPEN)) {
					return null;
				}
				boolean qualifies = tokens.get(i + 1).is(TokenKind.DOT);
				if (qualifies && tokens.get(i + 2).name().equals(Substitution.OLD)) {
					continue;
				}
				replacement = qualifies ? alias : relation;
			}
			if (replacement != null) {
				result.append(marked, last, start).append(replacement);
				last = tokens.get(i).end();
			}
		}
		String query = result.append(marked, last, marked.length()).toString().trim();
		if (query.endsWith(";")) {
			query = query.substring(0, query.length() - 1);
		}
		return found ? query : null;
	}

	/**
	 * What a view has beside its query: owner, grants, comments and defaults.
	 */
	static List<String> trimmings(JdbcOperations jdbc, long view) {
		return jdbc.queryForList(
				"""
						WITH view AS (
						  SELECT c.*, pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) AS quoted
						  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE c.oid = ?::oid)
						SELECT sql FROM (
						  SELECT 1, 'ALTER VIEW ' || quoted || ' OWNER TO ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(relowner)) FROM view
						  WHERE pg_catalog.pg_get_userbyid(relowner) <> current_user
						  UNION ALL
						  SELECT 2, 'COMMENT ON VIEW ' || quoted || ' IS ' || pg_catalog.quote_literal(d.description)
						  FROM view JOIN pg_catalog.pg_description d ON d.objoid = view.oid
						    AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid = 0
						  UNION ALL
						  SELECT 2, 'COMMENT ON COLUMN ' || quoted || '.' || pg_catalog.quote_ident(a.attname) || ' IS '
						    || pg_catalog.quote_literal(d.description)
						  FROM view JOIN pg_catalog.pg_description d ON d.objoid = view.oid
						    AND d.classoid = 'pg_catalog.pg_class'::regclass AND d.objsubid > 0
						  JOIN pg_catalog.pg_attribute a ON a.attrelid = view.oid AND a.attnum = d.objsubid
						  UNION ALL
						  SELECT 2, 'ALTER VIEW ' || quoted || ' ALTER COLUMN ' || pg_catalog.quote_ident(a.attname) || ' SET DEFAULT '
						    || pg_catalog.pg_get_expr(e.adbin, e.adrelid)
						  FROM view JOIN pg_catalog.pg_attrdef e ON e.adrelid = view.oid
						  JOIN pg_catalog.pg_attribute a ON a.attrelid = view.oid AND a.attnum = e.adnum
						  UNION ALL
						  SELECT 3, 'REVOKE ALL ON ' || quoted || ' FROM ' || pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(relowner))
						  FROM view WHERE relacl IS NOT NULL
						  UNION ALL
						  SELECT 4, 'GRANT ' || g.privilege_type || ' ON ' || quoted || ' TO '
						    || CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) END
						    || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
						  FROM view CROSS JOIN LATERAL pg_catalog.aclexplode(relacl) g
						  UNION ALL
						  SELECT 4, 'GRANT ' || g.privilege_type || ' (' || pg_catalog.quote_ident(a.attname) || ') ON ' || quoted || ' TO '
						    || CASE g.grantee WHEN 0 THEN 'PUBLIC' ELSE pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(g.grantee)) END
						    || CASE WHEN g.is_grantable THEN ' WITH GRANT OPTION' ELSE '' END
						  FROM view JOIN pg_catalog.pg_attribute a ON a.attrelid = view.oid
						  CROSS JOIN LATERAL pg_catalog.aclexplode(a.attacl) g) trimming (rank, sql)
						ORDER BY rank, sql
						""",
				String.class, view);
	}

}
