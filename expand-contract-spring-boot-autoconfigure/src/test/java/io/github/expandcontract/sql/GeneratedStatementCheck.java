package io.github.expandcontract.sql;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ColumnChange;

/**
 * Checks generated statements by the rules of the corpus: what the caller gets, and what
 * is in the tables afterwards, is in every phase and at every stage of the backfill what
 * the text gives on the final schema.
 */
final class GeneratedStatementCheck {

	private final Map<String, Stage> stages = new HashMap<>();

	private final SchemaView view;

	private final BiFunction<Phase, SyncMode, List<ColumnRule>> rules;

	private final Map<String, StatementRewriter> rewriters = new HashMap<>();

	private final Map<String, Integer> reasons = new TreeMap<>();

	private final List<String> discrepancies = new ArrayList<>();

	private int reads;

	private int writes;

	private int refused;

	private static final CorpusSchema SCHEMA = CorpusSchema.RENAMED;

	private int invalid;

	private int failing;

	private long runs;

	GeneratedStatementCheck(BiFunction<Phase, SyncMode, List<ColumnRule>> rules) throws SQLException {
		CorpusDatabase full = CorpusDatabase.expanded(SCHEMA, "true");
		this.view = full.view();
		this.rules = rules;
		this.stages.put("final", new Stage(CorpusDatabase.contracted(SCHEMA, true), false));
		this.stages.put("final without trigger", new Stage(CorpusDatabase.contracted(SCHEMA, false), false));
		this.stages.put("empty", new Stage(CorpusDatabase.expanded(SCHEMA, "false"), true));
		this.stages.put("half", new Stage(CorpusDatabase.expanded(SCHEMA, "id % 2 = 0"), true));
		this.stages.put("full", new Stage(full, true));
		this.stages.put("unique", new Stage(CorpusDatabase.unique(SCHEMA), true));
	}

	static List<ColumnRule> rules(Phase phase, SyncMode sync) {
		return SCHEMA.changes().stream().flatMap((change) -> ColumnRule.of(change, phase, sync).stream()).toList();
	}

	/**
	 * What a run gave.
	 *
	 * @param error the SQLSTATE it failed with, if it did
	 */
	private record Outcome(@Nullable String error, List<String> rows, String state, boolean agree, boolean stale) {
	}

	void check(GeneratedSql sql) throws SQLException {
		long turn = Math.floorMod(sql.seed(), 8L);
		SyncMode sync = (turn < 5) ? SyncMode.BOTH : (turn < 7) ? SyncMode.APPLICATION : SyncMode.TRIGGER;
		Stage contracted = stage(sync.hasTrigger() ? "final" : "final without trigger");
		Outcome expected = contracted.run(sql, sql.sql(), sql.parameters(), true, true);
		String error = expected.error();
		if (error != null && (error.startsWith("42") || error.startsWith("22") || error.startsWith("0A"))) {
			this.invalid++;
			return;
		}
		this.failing += (error != null) ? 1 : 0;
		this.reads += sql.writes() ? 0 : 1;
		this.writes += sql.writes() ? 1 : 0;
		Set<String> done = new HashSet<>();
		boolean counted = false;
		for (Phase phase : Phase.values()) {
			if (phase == Phase.CONTRACT) {
				continue;
			}
			StatementRewriter rewriter = this.rewriters.computeIfAbsent(phase + "/" + sync,
					(key) -> new StatementRewriter(this.view, this.rules.apply(phase, sync)));
			Rewriting rewriting = rewriter.rewrite(sql.sql());
			if (rewriting instanceof Rewriting.Refused refusal) {
				if (!counted) {
					this.refused++;
					this.reasons.merge(refusal.reason().replaceAll("\"[^\"]*\"|'[^']*'", "…"), 1, Integer::sum);
					counted = true;
				}
				continue;
			}
			if (!check(sql, rewriting, expected, phase, sync, done)) {
				return;
			}
		}
	}

	private boolean check(GeneratedSql sql, Rewriting rewriting, Outcome expected, Phase phase, SyncMode sync,
			Set<String> done) throws SQLException {
		String text = (rewriting instanceof Rewriting.Rewritten rewritten) ? rewritten.sql() : sql.sql();
		List<@Nullable String> parameters = sql.parameters();
		if (rewriting instanceof Rewriting.Rewritten rewritten) {
			parameters = new ArrayList<>();
			for (int i = 1; i <= rewritten.parameters().physicalCount(); i++) {
				parameters.add(sql.parameters().get(rewritten.parameters().original(i) - 1));
			}
		}
		boolean readsNew = CorpusIntegrationTests.readsNew(phase);
		for (String name : names(phase, sync)) {
			if (!done.add(name + readsNew + text)) {
				continue;
			}
			Outcome outcome = stage(name).run(sql, text, parameters, readsNew, sync.hasTrigger());
			boolean bothKept = sync.hasTrigger() || phase == Phase.SWITCH_READS;
			boolean agree = !name.equals("full") || !bothKept || outcome.agree();
			boolean fresh = !(bothKept || phase == Phase.DUAL_WRITE || phase == Phase.BACKFILL) || !outcome.stale();
			boolean same = Objects.equals(expected.error(), outcome.error()) && expected.rows().equals(outcome.rows())
					&& expected.state().equals(outcome.state());
			this.runs++;
			if (!same || !agree || !fresh) {
				this.discrepancies.add("seed " + sql.seed() + " in " + phase + " with " + sync + " at stage " + name
						+ (agree ? "" : ", columns disagree") + (fresh ? "" : ", stale") + "\n  text      " + sql.sql()
						+ " " + sql.parameters() + "\n  rewritten " + text + "\n  expected  " + expected
						+ "\n  actual    " + outcome);
				return false;
			}
		}
		return true;
	}

	private static List<String> names(Phase phase, SyncMode sync) {
		return switch (phase) {
			case EXPAND -> sync.hasTrigger() ? List.of("empty", "half") : List.of("empty");
			case DUAL_WRITE -> List.of("empty", "half");
			case BACKFILL -> List.of("half", "full");
			case STOP_DUAL_WRITE -> List.of(sync.hasTrigger() ? "full" : "unique");
			default -> List.of("full");
		};
	}

	private Stage stage(String name) {
		return Objects.requireNonNull(this.stages.get(name));
	}

	List<String> discrepancies() {
		return this.discrepancies;
	}

	int checked() {
		return this.reads + this.writes;
	}

	int refused() {
		return this.refused;
	}

	int invalid() {
		return this.invalid;
	}

	/**
	 * Adds the numbers of another check.
	 */
	void add(GeneratedStatementCheck other) {
		this.reads += other.reads;
		this.writes += other.writes;
		this.refused += other.refused;
		this.invalid += other.invalid;
		this.failing += other.failing;
		this.runs += other.runs;
		other.reasons.forEach((reason, count) -> this.reasons.merge(reason, count, Integer::sum));
		this.discrepancies.addAll(other.discrepancies);
	}

	String report() {
		StringBuilder report = new StringBuilder();
		report.append(String.format(
				"%d statements (%d reads, %d writes; %d fail on the final schema too), run %d times, refused %d (%.2f %%), "
						+ "not valid SQL besides %d, discrepancies %d%n",
				checked(), this.reads, this.writes, this.failing, this.runs, this.refused,
				100.0 * this.refused / Math.max(1, checked()), this.invalid, this.discrepancies.size()));
		this.reasons.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
			.limit(8)
			.forEach((reason) -> report.append(String.format("%6d  %s%n", reason.getValue(), reason.getKey())));
		return report.toString();
	}

	/**
	 * A database at a stage of the backfill.
	 */
	private static final class Stage {

		private final Connection connection;

		private @Nullable Boolean synced;

		private final boolean expanded;

		Stage(CorpusDatabase database, boolean expanded) throws SQLException {
			this.connection = database.connection();
			this.expanded = expanded;
			this.connection.rollback();
			this.connection.setAutoCommit(true);
			execute("SET statement_timeout = '10s'");
			define("state_final", SCHEMA.finalState());
			if (expanded) {
				define("state_old", SCHEMA.formerState());
				define("unequal", SCHEMA.disagreeing(false));
				define("stale", SCHEMA.disagreeing(true));
				// Rows stand in the order in which they stand in the final schema.
				execute("CLUSTER users USING users_pkey; CLUSTER products USING products_pkey; "
						+ "CLUSTER \"Person\" USING \"Person_pkey\"");
			}
			for (ColumnChange change : SCHEMA.changes()) {
				execute("ANALYZE " + change.table().quoted());
			}
		}

		private void define(String name, String query) throws SQLException {
			execute("CREATE FUNCTION " + name + "() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RETURN "
					+ "(SELECT coalesce(string_agg(line, E'\\n' ORDER BY line), '') FROM (" + query
					+ ") s(line)); END $f$");
		}

		private void execute(String sql) throws SQLException {
			try (Statement statement = this.connection.createStatement()) {
				statement.execute(sql);
			}
		}

		Outcome run(GeneratedSql original, String text, List<@Nullable String> parameters, boolean readsNew,
				boolean synced) throws SQLException {
			if (this.expanded && (this.synced == null || this.synced != synced)) {
				execute("SET test.sync = " + (synced ? "on" : "off"));
				this.synced = synced;
			}
			String state = "SELECT " + (readsNew ? "state_final()" : "state_old()")
					+ (this.expanded ? ", unequal(), stale()" : ", '', ''");
			String batch = original.writes() ? "BEGIN; " + text + "; " + state + "; ROLLBACK" : text;
			try (PreparedStatement statement = this.connection.prepareStatement(batch)) {
				for (int i = 0; i < parameters.size(); i++) {
					statement.setString(i + 1, parameters.get(i));
				}
				statement.execute();
				if (!original.writes()) {
					return new Outcome(null, read(statement.getResultSet(), original.ordered()), "", true, false);
				}
				List<String> rows = statement.getMoreResults() ? read(statement.getResultSet(), original.ordered())
						: List.of("count " + statement.getUpdateCount());
				statement.getMoreResults();
				try (ResultSet states = statement.getResultSet()) {
					states.next();
					return new Outcome(null, rows, states.getString(1), states.getString(2).isEmpty(),
							!states.getString(3).isEmpty());
				}
			}
			catch (SQLException ex) {
				if (original.writes()) {
					execute("ROLLBACK");
				}
				boolean refused = String.valueOf(ex.getSQLState()).startsWith("42");
				return new Outcome(ex.getSQLState(), refused ? List.of(String.valueOf(ex.getMessage())) : List.of(), "",
						true, false);
			}
		}

		private static List<String> read(ResultSet result, boolean ordered) throws SQLException {
			try (result) {
				ResultSetMetaData metaData = result.getMetaData();
				List<String> labels = new ArrayList<>();
				for (int i = 1; i <= metaData.getColumnCount(); i++) {
					labels.add(metaData.getColumnLabel(i) + ":" + type(metaData.getColumnTypeName(i)));
				}
				List<String> rows = new ArrayList<>();
				while (result.next()) {
					StringBuilder row = new StringBuilder();
					for (int i = 1; i <= labels.size(); i++) {
						row.append(result.getString(i)).append('|');
					}
					rows.add(row.toString());
				}
				if (!ordered) {
					Collections.sort(rows);
				}
				rows.add(0, labels.toString());
				return rows;
			}
		}

		/**
		 * A derived table's row has the type of a record instead of the table's.
		 */
		private static String type(String name) {
			boolean row = FromGenerator.TABLES.containsKey(name) || name.contains("users") || name.contains("Person");
			return row ? "record" : name.replace("serial", "int4").replace("bigint4", "int8");
		}

	}

}
