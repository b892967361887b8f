package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.Lexer;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.ShortName;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * Extended statistics over old, and what they are over new.
 *
 * @param oid their object id
 * @param name their schema and name
 * @param kinds which kinds, as the definition writes them
 * @param list what they are over, as the definition writes it
 * @param target their statistics target, {@code null} where the server's holds
 * @param comment their comment, if any
 */
record StatisticsCopy(long oid, TableName name, String kinds, String list, @Nullable Integer target,
		@Nullable String comment) {

	/**
	 * Reads those on old.
	 */
	static List<StatisticsCopy> originals(JdbcOperations jdbc, ColumnChange change) {
		return jdbc.query("""
				SELECT s.oid::bigint, n.nspname, s.stxname, pg_catalog.pg_get_statisticsobjdef(s.oid),
				  nullif(s.stxstattarget, -1), pg_catalog.obj_description(s.oid, 'pg_statistic_ext')
				FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
				JOIN pg_catalog.pg_attribute a ON a.attrelid = s.stxrelid AND a.attname = ? AND NOT a.attisdropped
				WHERE s.stxrelid = pg_catalog.to_regclass(?)
				AND EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_statistic_ext'::regclass
				  AND d.objid = s.oid AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.refobjid = a.attrelid
				  AND d.refobjsubid = a.attnum)
				ORDER BY 2, 3
				""", (row, number) -> {
			Parts parts = Parts.of(Objects.requireNonNull(row.getString(4)));
			return new StatisticsCopy(row.getLong(1), new TableName(row.getString(2), row.getString(3)), parts.kinds(),
					parts.list(), (Integer) row.getObject(5), row.getString(6));
		}, change.oldColumn(), change.table().quoted());
	}

	/**
	 * The same over new, by the way of a clone.
	 */
	static List<StatisticsCopy> over(JdbcOperations jdbc, ColumnChange change, List<StatisticsCopy> originals) {
		CloneTable clone = new CloneTable(jdbc, change);
		for (int i = 0; i < originals.size(); i++) {
			jdbc.execute("CREATE STATISTICS " + OwnSchema.NAME + ".statistics_" + i + " " + originals.get(i).kinds()
					+ " ON " + originals.get(i).list() + " FROM " + clone.name());
		}
		clone.markOld();
		List<StatisticsCopy> copies = new ArrayList<>();
		for (int i = 0; i < originals.size(); i++) {
			StatisticsCopy original = originals.get(i);
			String marked = Objects.requireNonNull(jdbc.queryForObject("""
					SELECT pg_catalog.pg_get_statisticsobjdef(s.oid) FROM pg_catalog.pg_statistic_ext s
					WHERE s.stxrelid = ?::regclass AND s.stxname = ?
					""", String.class, clone.name(), "statistics_" + i));
			copies.add(new StatisticsCopy(original.oid(), original.name(), original.kinds(),
					new Substitution(change).list(Parts.of(marked).list()), original.target(), original.comment()));
		}
		return copies;
	}

	private TableName copy(ColumnChange change) {
		return new TableName(this.name.schema(), ShortName.of("", this.name.name(), change.table().quoted(),
				this.name.quoted(), change.oldColumn(), change.newColumn()));
	}

	ObjectId id() {
		return new ObjectId(ObjectId.STATISTICS, this.oid);
	}

	List<Step> prepareSteps(JdbcOperations jdbc, ColumnChange change) {
		Boolean there = jdbc.queryForObject(
				"""
						SELECT EXISTS (SELECT FROM pg_catalog.pg_statistic_ext s JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
						  WHERE n.nspname = ? AND s.stxname = ?)
						""",
				Boolean.class, this.name.schema(), copy(change).name());
		return Boolean.TRUE.equals(there) ? List.of()
				: List.of(Step.inTransaction("let the planner look at new as statistics " + this.name.name() + " do",
						LockLevel.SHARE_UPDATE_EXCLUSIVE, "CREATE STATISTICS " + copy(change).quoted() + " "
								+ this.kinds + " ON " + this.list + " FROM " + change.table().quoted()));
	}

	List<Step> contractSteps(ColumnChange change) {
		List<Step> steps = new ArrayList<>();
		steps.add(Step.inTransaction("give the copy its original's name", LockLevel.NONE,
				"ALTER STATISTICS " + copy(change).quoted() + " RENAME TO " + Identifiers.quote(this.name.name())));
		if (this.target != null) {
			steps.add(Step.inTransaction("give the copy its original's target", LockLevel.NONE,
					"ALTER STATISTICS " + this.name.quoted() + " SET STATISTICS " + this.target));
		}
		if (this.comment != null) {
			steps.add(Step.inTransaction("comment on the statistics", LockLevel.NONE,
					"COMMENT ON STATISTICS " + this.name.quoted() + " IS " + Sql.literal(this.comment)));
		}
		return steps;
	}

	/**
	 * The parts of a definition.
	 *
	 * @param kinds what stands in brackets behind the name, or nothing
	 * @param list what stands between ON and FROM
	 */
	private record Parts(String kinds, String list) {

		static Parts of(String definition) {
			Tokens tokens = Lexer.tokens(definition);
			int depth = 0;
			int on = -1;
			int from = -1;
			int open = -1;
			for (int i = 0; i < tokens.size(); i++) {
				Token token = tokens.get(i);
				if (token.is(TokenKind.OPEN)) {
					open = (on < 0 && open < 0) ? i : open;
					depth++;
				}
				else if (token.is(TokenKind.CLOSE)) {
					depth--;
				}
				else if (depth == 0 && on < 0 && token.is("on")) {
					on = i;
				}
				else if (depth == 0 && token.is("from")) {
					from = i;
				}
			}
			String kinds = (open < 0) ? ""
					: definition.substring(tokens.get(open).start(), tokens.get(tokens.match(open)).end());
			return new Parts(kinds, definition.substring(tokens.get(on).end(), tokens.get(from).start()).trim());
		}

	}

}
