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
import java.util.regex.Pattern;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.Change;

/**
 * Checks generated statements by the rules of the corpus: what the caller gets, and what
 * is in the tables afterwards, is in every phase and at every stage of the backfill what
 * the text gives on the final schema.
 */
final class GeneratedStatementCheck {

	private static final Rewriting UNTOUCHED = new Rewriting.Untouched();

	private final Map<String, Stage> stages = new HashMap<>();

	private final CorpusSchema schema;

	private final SchemaView view;

	private final BiFunction<Phase, SyncMode, List<ColumnRule>> rules;

	private final Map<String, StatementRewriter> rewriters = new HashMap<>();

	private final Map<String, Integer> reasons = new TreeMap<>();

	private final List<String> discrepancies = new ArrayList<>();

	private int reads;

	private int writes;

	private int refused;

	private int invalid;

	private int failing;

	private int unsettled;

	private long runs;

	/**
	 * Creates a check of the rules that the changes of a schema have.
	 */
	GeneratedStatementCheck(CorpusSchema schema) throws SQLException {
		this(schema, (phase, sync) -> rules(schema, phase, sync), Set.of());
	}

	/**
	 * Creates a check.
	 * @param taken volatile functions that are wrongly taken for others
	 */
	GeneratedStatementCheck(CorpusSchema schema, BiFunction<Phase, SyncMode, List<ColumnRule>> rules, Set<String> taken)
			throws SQLException {
		this.schema = schema;
		this.rules = rules;
		CorpusDatabase full = CorpusDatabase.expanded(schema, "true");
		SchemaView view = full.view();
		Set<String> functions = new HashSet<>(view.nonVolatileFunctions());
		functions.addAll(taken);
		this.view = new SchemaView(1, view.searchPath(), view.tables(), view.namesakes(), view.otherOwners(),
				functions);
		this.stages.put("final true", new Stage(schema, CorpusDatabase.contracted(schema, true), false));
		this.stages.put("final false", new Stage(schema, CorpusDatabase.contracted(schema, false), false));
		this.stages.put("empty", new Stage(schema, CorpusDatabase.expanded(schema, "false"), true));
		this.stages.put("half", new Stage(schema, CorpusDatabase.expanded(schema, "id % 2 = 0"), true));
		this.stages.put("full", new Stage(schema, full, true));
		this.stages.put("unique", new Stage(schema, CorpusDatabase.unique(schema), true));
	}

	static List<ColumnRule> rules(CorpusSchema schema, Phase phase, SyncMode sync) {
		return schema.changes().stream().flatMap((change) -> ColumnRule.of(change, phase, sync).stream()).toList();
	}

	/**
	 * What a run gave.
	 *
	 * @param error the SQLSTATE it failed with, if it did
	 */
	private record Outcome(@Nullable String error, List<String> rows, String state, boolean agree, boolean stale) {

		private static final Pattern VARYING = Pattern.compile("~[^~]*~");

		/**
		 * Whether the server does not take the statement.
		 */
		boolean isInvalid() {
			return this.error != null && List.of("42", "3F", "22", "0A").contains(this.error.substring(0, 2));
		}

		/**
		 * In place of each value that differs each time, how often it occurs among what
		 * is returned and what is stored: a value that was evaluated twice does not
		 * recur.
		 */
		Outcome settled() {
			Map<String, Integer> counts = new HashMap<>();
			List<String> lines = new ArrayList<>(this.rows);
			lines.addAll(List.of(this.state.split("\n", -1)));
			lines.forEach((line) -> VARYING.matcher(line)
				.results()
				.forEach((match) -> counts.merge(match.group(), 1, Integer::sum)));
			lines.replaceAll((line) -> VARYING.matcher(line).replaceAll((match) -> "~" + counts.get(match.group())));
			List<String> settled = new ArrayList<>(lines.subList(0, this.rows.size()));
			settled.sort(null);
			List<String> state = new ArrayList<>(lines.subList(this.rows.size(), lines.size()));
			state.sort(null);
			return new Outcome(this.error, settled, String.join("\n", state), this.agree, this.stale);
		}

	}

	void check(GeneratedSql sql) throws SQLException {
		SyncMode sync = sql.sync();
		Stage contracted = stage("final " + sync.hasTrigger());
		Outcome expected = contracted.run(sql, sql.sent(UNTOUCHED), sql.parameters(), true, true);
		boolean invalid = expected.isInvalid();
		if (invalid) {
			this.invalid++;
			if (String.valueOf(expected.error()).startsWith("42")) {
				checkInvalid(sql);
			}
			return;
		}
		String error = expected.error();
		this.failing += (error != null) ? 1 : 0;
		this.reads += sql.writes() ? 0 : 1;
		this.writes += sql.writes() ? 1 : 0;
		Set<String> done = new HashSet<>();
		boolean counted = false;
		for (Phase phase : Phase.values()) {
			if (phase == Phase.CONTRACT) {
				continue;
			}
			StatementRewriter rewriter = rewriter(phase, sync);
			Rewriting rewriting = rewriter.rewrite(sql.sql(), sql.keys());
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

	/**
	 * Whether the statement gives the same when the rows stand in the opposite order.
	 */
	private boolean isSettled(GeneratedSql sql, Outcome expected) throws SQLException {
		boolean synced = sql.sync().hasTrigger();
		Stage reverse = this.stages.get("reverse " + synced);
		if (reverse == null) {
			reverse = new Stage(this.schema, CorpusDatabase.contracted(this.schema, synced), false);
			reverse.reverse();
			this.stages.put("reverse " + synced, reverse);
		}
		return reverse.run(sql, sql.sent(UNTOUCHED), sql.parameters(), true, true).equals(expected);
	}

	private StatementRewriter rewriter(Phase phase, SyncMode sync) {
		return this.rewriters.computeIfAbsent(phase + "/" + sync,
				(key) -> new StatementRewriter(this.view, this.rules.apply(phase, sync)));
	}

	/**
	 * What the final schema does not take must not run before either, because it would
	 * end to run at CONTRACT.
	 */
	private void checkInvalid(GeneratedSql sql) throws SQLException {
		for (Phase phase : List.of(Phase.EXPAND, Phase.DUAL_WRITE, Phase.STOP_DUAL_WRITE)) {
			Rewriting rewriting = rewriter(phase, sql.sync()).rewrite(sql.sql(), sql.keys());
			if (rewriting instanceof Rewriting.Refused || (rewriting instanceof Rewriting.Rewritten rewritten
					&& rewritten.parameters().count() != sql.parameters().size())) {
				continue;
			}
			this.runs++;
			Outcome outcome = stage("full").run(sql, sql.sent(rewriting), sql.sentParameters(rewriting), true,
					sql.sync().hasTrigger());
			if (outcome.error() == null) {
				this.discrepancies.add("seed " + sql.seed() + " in " + phase + " with " + sql.sync()
						+ " runs, but not on the final schema" + "\n  text      " + sql.sql() + " " + sql.parameters()
						+ "\n  rewritten " + sql.sent(rewriting));
				return;
			}
		}
	}

	private boolean check(GeneratedSql sql, Rewriting rewriting, Outcome expected, Phase phase, SyncMode sync,
			Set<String> done) throws SQLException {
		String fault = EditedText.fault(sql, rewriting);
		if (fault != null) {
			this.discrepancies.add("seed " + sql.seed() + " in " + phase + " with " + sync + ": " + fault
					+ "\n  text      " + sql.sql() + " " + sql.parameters() + "\n  rewritten " + sql.sent(rewriting));
			return false;
		}
		String text = sql.sent(rewriting);
		List<@Nullable String> parameters = sql.sentParameters(rewriting);
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
				if (sql.mutated() && !isSettled(sql, expected)) {
					this.unsettled++;
					return false;
				}
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
		this.unsettled += other.unsettled;
		this.runs += other.runs;
		other.reasons.forEach((reason, count) -> this.reasons.merge(reason, count, Integer::sum));
		this.discrepancies.addAll(other.discrepancies);
	}

	String report() {
		StringBuilder report = new StringBuilder();
		report.append(String.format(
				"%d statements (%d reads, %d writes; %d fail on the final schema too), run %d times, refused %d (%.2f %%), "
						+ "not valid SQL besides %d, of no settled outcome %d, discrepancies %d%n",
				checked(), this.reads, this.writes, this.failing, this.runs, this.refused,
				100.0 * this.refused / Math.max(1, checked()), this.invalid, this.unsettled,
				this.discrepancies.size()));
		this.reasons.entrySet()
			.stream()
			.sorted(Map.Entry.<String, Integer>comparingByValue().reversed())
			.limit(20)
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

		Stage(CorpusSchema schema, CorpusDatabase database, boolean expanded) throws SQLException {
			this.connection = database.connection();
			this.expanded = expanded;
			this.connection.rollback();
			this.connection.setAutoCommit(true);
			execute("SET statement_timeout = '10s'");
			execute("CREATE SEQUENCE ticket");
			execute("SELECT setval('users_id_seq', 100)");
			define("state_final", expanded ? schema.newState() : CorpusSchema.finalState());
			if (expanded) {
				define("state_old", schema.formerState());
				define("unequal", schema.disagreeing(false));
				define("stale", schema.disagreeing(true));
				// Rows stand in the order in which they stand in the final schema.
				execute("CLUSTER users USING users_pkey; CLUSTER products USING products_pkey; CLUSTER items USING items_pkey; "
						+ "CLUSTER \"Person\" USING \"Person_pkey\"");
			}
			for (Change change : schema.changes()) {
				execute("ANALYZE " + change.table().quoted());
			}
		}

		private void define(String name, String query) throws SQLException {
			execute("CREATE FUNCTION " + name + "() RETURNS text LANGUAGE plpgsql AS $f$ BEGIN RETURN "
					+ "(SELECT coalesce(string_agg(line, E'\\n' ORDER BY line), '') FROM (" + query
					+ ") s(line)); END $f$");
		}

		/**
		 * Lets the rows stand in the opposite order.
		 */
		void reverse() throws SQLException {
			for (String table : FromGenerator.tables(true).keySet()) {
				String key = table.equals("\"Person\"") ? "\"Id\"" : "id";
				execute("CREATE TEMP TABLE turned AS SELECT * FROM " + table + "; DELETE FROM " + table
						+ "; INSERT INTO " + table + " OVERRIDING SYSTEM VALUE SELECT * FROM turned ORDER BY " + key
						+ " DESC; DROP TABLE turned");
			}
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
			String batch = original.writes()
					? "BEGIN; " + text + "\n; " + state + ", setval('users_id_seq', 100); ROLLBACK" : text;
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
					if (states == null) {
						execute("ROLLBACK");
						return new Outcome("42000", List.of("not one statement"), "", true, false);
					}
					states.next();
					Outcome outcome = new Outcome(null, rows, states.getString(1), states.getString(2).isEmpty(),
							!states.getString(3).isEmpty());
					return original.varies() ? outcome.settled() : outcome;
				}
			}
			catch (SQLException ex) {
				if (original.writes()) {
					execute("ROLLBACK; SELECT setval('users_id_seq', 100)");
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
			boolean row = FromGenerator.tables(true).containsKey(name) || name.contains("users")
					|| name.contains("Person");
			return row ? "record" : name.replace("serial", "int4").replace("bigint4", "int8");
		}

	}

}
