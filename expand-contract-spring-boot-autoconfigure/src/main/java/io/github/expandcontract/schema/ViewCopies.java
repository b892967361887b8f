package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;

/**
 * The views that use old, and those that read such a view. Where it is asked for they are
 * dropped in the transaction of CONTRACT and built again over {@code down(new)}:
 * <ol>
 * <li>each is made again, as a temporary one, over a temporary table of the changing
 * table's name, so that no lock is taken on anything of the user's;</li>
 * <li>table and column are given names that stand for nothing else, and the server is
 * asked for the query, in which these are then replaced;</li>
 * <li>that query is tried, and must give the columns and types that the view has.</li>
 * </ol>
 * All of them are, or none is: a materialized view among them, a trigger on one, or
 * whatever else cannot be built again leaves all as they are, and they block CONTRACT.
 */
final class ViewCopies {

	private static final String REACHED = """
			WITH RECURSIVE reached (rule, view, level) AS (
			  SELECT r.oid, r.ev_class, 1 FROM pg_catalog.pg_depend d
			  JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
			  JOIN pg_catalog.pg_rewrite r ON r.oid = d.objid
			  WHERE d.classid = 'pg_catalog.pg_rewrite'::regclass AND d.refclassid = 'pg_catalog.pg_class'::regclass
			  AND d.refobjid = pg_catalog.to_regclass(?) AND a.attname = ? AND r.ev_class <> d.refobjid
			  UNION
			  SELECT r.oid, r.ev_class, reached.level + 1 FROM reached
			  JOIN pg_catalog.pg_depend d ON d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = reached.view
			  JOIN pg_catalog.pg_rewrite r ON d.classid = 'pg_catalog.pg_rewrite'::regclass AND r.oid = d.objid
			  WHERE r.ev_class <> reached.view)
			SELECT reached.rule::bigint, reached.view::bigint, n.nspname, c.relname, min(level) = 1,
			  CASE WHEN c.relkind = 'm' THEN 'it is materialized'
			    WHEN c.relkind <> 'v' THEN 'it is a rule of the table ' || c.oid::regclass
			    WHEN EXISTS (SELECT FROM pg_catalog.pg_rewrite r WHERE r.ev_class = c.oid AND r.rulename <> '_RETURN')
			      THEN 'it has rules of its own'
			    WHEN EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_catalog.pg_class'::regclass
			      AND d.refobjid = c.oid AND d.classid NOT IN ('pg_catalog.pg_rewrite'::regclass,
			        'pg_catalog.pg_type'::regclass, 'pg_catalog.pg_attrdef'::regclass))
			      THEN 'triggers or functions hang on it' END,
			  'CREATE VIEW ' || pg_catalog.quote_ident(n.nspname) || '.' || pg_catalog.quote_ident(c.relname) || ' ('
			    || (SELECT pg_catalog.string_agg(pg_catalog.quote_ident(attname), ', ' ORDER BY attnum)
			      FROM pg_catalog.pg_attribute WHERE attrelid = c.oid AND attnum > 0) || ')'
			    || CASE WHEN c.reloptions IS NOT NULL THEN ' WITH (' || pg_catalog.array_to_string(c.reloptions, ', ') || ')'
			      ELSE '' END, pg_catalog.pg_get_viewdef(c.oid)
			FROM reached JOIN pg_catalog.pg_class c ON c.oid = reached.view
			JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
			GROUP BY reached.rule, reached.view, n.nspname, c.oid, c.relname, c.relkind, c.reloptions
			ORDER BY max(level), n.nspname, c.relname
			""";

	private final Ddl ddl;

	private final boolean rebuild;

	private final Map<Described, List<ViewCopy>> described = new ConcurrentHashMap<>();

	ViewCopies(Ddl ddl, boolean rebuild) {
		this.ddl = ddl;
		this.rebuild = rebuild;
	}

	/**
	 * Checks that the views can be built again, where that is asked for.
	 * @throws UnsupportedChangeException if one cannot
	 */
	void check(ColumnChange change) {
		String problems = of(change).stream()
			.filter((view) -> !view.carried())
			.map((view) -> view.name() + " (" + view.problem() + ")")
			.collect(Collectors.joining("; "));
		if (!problems.isEmpty()) {
			throw new UnsupportedChangeException(change,
					"'expand-contract.rebuild-views' asks for the views on \"" + change.oldColumn()
							+ "\" to be built again, but these cannot: " + problems + ".",
					"Drop them and create them again over \"" + change.newColumn()
							+ "\" once it is there, or set 'expand-contract.rebuild-views' to false.");
		}
	}

	Set<ObjectId> objects(ColumnChange change) {
		return carried(change).stream().map(ViewCopy::id).collect(Collectors.toSet());
	}

	List<Step> dropSteps(ColumnChange change) {
		List<ViewCopy> views = new ArrayList<>(carried(change));
		Collections.reverse(views);
		return views.stream().map(ViewCopy::drop).toList();
	}

	List<Step> createSteps(ColumnChange change) {
		return carried(change).stream().flatMap((view) -> view.create().stream()).toList();
	}

	private List<ViewCopy> carried(ColumnChange change) {
		List<ViewCopy> views = of(change);
		return views.stream().allMatch(ViewCopy::carried) ? views : List.of();
	}

	private List<ViewCopy> of(ColumnChange change) {
		if (!this.rebuild) {
			return List.of();
		}
		List<Reached> reached = this.ddl.jdbc()
			.query(REACHED,
					(row, number) -> new Reached(row.getLong(1), row.getLong(2),
							new TableName(row.getString(3), row.getString(4)), row.getBoolean(5), row.getString(6),
							String.valueOf(row.getString(7)), String.valueOf(row.getString(8))),
					change.table().quoted(), change.oldColumn());
		if (reached.isEmpty()) {
			return List.of();
		}
		List<List<String>> trimmings = reached.stream()
			.map((view) -> ViewCopy.trimmings(this.ddl.jdbc(), view.view()))
			.toList();
		return this.described.computeIfAbsent(new Described(change, reached, trimmings),
				(key) -> Scratch.use(this.ddl, "describe the views on " + change.id(), (jdbc) -> describe(jdbc, key)));
	}

	private static List<ViewCopy> describe(JdbcOperations jdbc, Described key) {
		List<ViewCopy> copies = new ArrayList<>();
		for (int i = 0; i < key.views().size(); i++) {
			Reached view = key.views().get(i);
			String columns = String
				.valueOf(jdbc.queryForObject(ViewCopy.columnsOf("?::oid"), String.class, view.view()));
			String definition = null;
			String problem = view.problem();
			if (problem == null) {
				jdbc.execute("SAVEPOINT view");
				try {
					definition = view.direct() ? overNew(jdbc, key.change(), view, columns)
							: definition(jdbc, view.view() + "::oid", "pg_catalog");
					problem = (definition == null)
							? "over the new column it would not have the columns and types that it has, or it names the "
									+ "table's columns itself, by an alias or USING"
							: null;
				}
				catch (DataAccessException ex) {
					problem = String.valueOf(ex.getMostSpecificCause().getMessage())
						.lines()
						.findFirst()
						.orElse("no reason given");
				}
				jdbc.execute("ROLLBACK TO SAVEPOINT view");
			}
			copies.add(new ViewCopy(view.rule(), view.name(), view.head(), definition, problem, columns,
					key.trimmings().get(i)));
		}
		return copies;
	}

	private static @Nullable String overNew(JdbcOperations jdbc, ColumnChange change, Reached view, String columns) {
		String name = Identifiers.quote(change.table().name());
		String definition = definition(jdbc, view.view() + "::oid", Identifiers.quote(change.table().schema()));
		String table = "ALTER TABLE pg_temp." + ViewCopy.TABLE + " ";
		jdbc.execute("CREATE TEMPORARY TABLE " + name + " (LIKE " + change.table().quoted() + " INCLUDING INDEXES)");
		jdbc.execute("CREATE TEMPORARY VIEW expand_contract_view AS " + definition);
		jdbc.execute("ALTER TABLE pg_temp." + name + " RENAME TO " + ViewCopy.TABLE);
		jdbc.execute(table + "RENAME COLUMN " + Identifiers.quote(change.oldColumn()) + " TO " + Substitution.OLD);
		String marked = definition(jdbc, "'pg_temp.expand_contract_view'::regclass", "pg_catalog");
		String type = change.fold((rename) -> ColumnSteps.type(ColumnSteps.column(jdbc, rename, rename.oldColumn())),
				ChangeType::type);
		jdbc.execute(table + "ADD COLUMN IF NOT EXISTS " + Identifiers.quote(change.newColumn()) + " " + type);
		String tried = ViewCopy.overNew(marked, change, "pg_temp." + ViewCopy.TABLE, ViewCopy.TABLE);
		if (tried == null) {
			return null;
		}
		jdbc.execute("CREATE TEMPORARY VIEW expand_contract_tried AS " + tried);
		String given = jdbc.queryForObject(ViewCopy.columnsOf("'pg_temp.expand_contract_tried'::regclass"),
				String.class);
		return columns.equals(given) ? ViewCopy.overNew(marked, change, change.table().quoted(), name) : null;
	}

	private static String definition(JdbcOperations jdbc, String view, String path) {
		jdbc.execute("SET LOCAL search_path = " + path);
		String definition = Objects
			.requireNonNull(jdbc.queryForObject("SELECT pg_catalog.pg_get_viewdef(" + view + ")", String.class));
		String trimmed = definition.trim();
		return trimmed.endsWith(";") ? trimmed.substring(0, trimmed.length() - 1) : trimmed;
	}

	private record Described(ColumnChange change, List<Reached> views, List<List<String>> trimmings) {

	}

	/**
	 * A view that old can be reached from.
	 *
	 * @param rule the object id of its rule
	 * @param view its object id
	 * @param name its name
	 * @param direct whether it names old itself
	 * @param problem why it cannot be built again, if that is known of its kind
	 * @param head what stands before its query where it is created
	 * @param query its query as it is
	 */
	private record Reached(long rule, long view, TableName name, boolean direct, @Nullable String problem, String head,
			String query) {

	}

}
