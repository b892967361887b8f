package io.github.expandcontract.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs every case of the corpus in every phase, under every way of keeping the columns in
 * step, at every stage of the backfill that is possible there, on PostgreSQL: what the
 * caller gets and what is in the tables afterwards is what the same statement gives on
 * the final schema.
 */
class CorpusIntegrationTests {

	private static final String STATE = """
			SELECT (id, %s, email, age, tags, version)::text FROM users
			UNION ALL SELECT (id, %s, %s, price)::text FROM products
			UNION ALL SELECT ("Id", %s, "Note")::text FROM "Person"
			UNION ALL SELECT (a.*)::text FROM accounts a
			UNION ALL SELECT (o.*)::text FROM orders o
			UNION ALL SELECT (i.*)::text FROM imports i
			UNION ALL SELECT (u.*)::text FROM other.users u ORDER BY 1""";

	static final String FINAL = STATE.formatted("handle", "sku", "label", "\"Group\"");

	static final String OLD = STATE.formatted("username", "code", "title", "\"User Name\"");

	private static final String DISAGREEING = """
			SELECT id::text FROM users WHERE %1$s handle IS DISTINCT FROM username
			UNION ALL SELECT id::text FROM products WHERE %2$s sku IS DISTINCT FROM code
			UNION ALL SELECT id::text FROM products WHERE %3$s label IS DISTINCT FROM title
			UNION ALL SELECT "Id"::text FROM "Person" WHERE %4$s "Group" IS DISTINCT FROM "User Name\"""";

	static final String STALE = DISAGREEING.formatted("handle IS NOT NULL AND", "sku IS NOT NULL AND",
			"label IS NOT NULL AND", "\"Group\" IS NOT NULL AND");

	static final String UNEQUAL = DISAGREEING.formatted("", "", "", "");

	private static CorpusDatabase contracted;

	private static CorpusDatabase empty;

	private static CorpusDatabase half;

	private static CorpusDatabase full;

	/**
	 * As full, and with the unique indexes that the new column needs where nothing keeps
	 * the old one in step.
	 */
	private static CorpusDatabase unique;

	private static SchemaView view;

	@BeforeAll
	static void createDatabases() throws SQLException {
		contracted = CorpusDatabase.contracted();
		empty = CorpusDatabase.expanded("false");
		half = CorpusDatabase.expanded("id % 2 = 0");
		full = CorpusDatabase.expanded("true");
		unique = CorpusDatabase.unique();
		view = full.view();
	}

	@TestFactory
	Stream<DynamicTest> givesWhatTheFinalSchemaGives() {
		return Corpus.load().stream().map((test) -> DynamicTest.dynamicTest(test.toString(), () -> check(test)));
	}

	private void check(Corpus.Case test) throws SQLException {
		CorpusDatabase.Outcome expected = isRun(test)
				? contracted.run(test.sql(), test.parameters(), false, List.of(FINAL)) : null;
		for (SyncMode sync : SyncMode.values()) {
			for (Phase phase : Phase.values()) {
				if (phase != Phase.CONTRACT) {
					check(test, phase, sync, expected);
				}
			}
		}
	}

	private static boolean isRun(Corpus.Case test) {
		return !test.has("refused") && !test.has("text only") && !test.has("varies");
	}

	static StatementRewriter rewriter(SchemaView view, Phase phase, SyncMode sync) {
		return new StatementRewriter(view,
				CorpusDatabase.CHANGES.stream()
					.flatMap((change) -> ColumnRule.of(change, phase, sync).stream())
					.toList());
	}

	private void check(Corpus.Case test, Phase phase, SyncMode sync, CorpusDatabase.@Nullable Outcome expected)
			throws SQLException {
		Rewriting rewriting = rewriter(view, phase, sync).rewrite(test.sql(), test.keys());
		String as = test + " in " + phase + " with " + sync + ": " + rewriting;
		boolean writesBoth = phase == Phase.DUAL_WRITE || phase == Phase.BACKFILL || phase == Phase.SWITCH_READS;
		if (test.has("refused") || (sync == SyncMode.APPLICATION && test.has("never without trigger"))
				|| (sync == SyncMode.APPLICATION && writesBoth && test.has("refused without trigger"))) {
			String reason = Objects.requireNonNullElse(test.sections().get("refused"), "");
			assertThat(rewriting).as(as)
				.isInstanceOfSatisfying(Rewriting.Refused.class,
						(refused) -> assertThat(refused.reason()).contains(reason));
			return;
		}
		assertThat(rewriting).as(as).isNotInstanceOf(Rewriting.Refused.class);
		if (test.has("untouched")) {
			assertThat(rewriting).as(as).isInstanceOf(Rewriting.Untouched.class);
		}
		String text = (rewriting instanceof Rewriting.Rewritten rewritten) ? rewritten.sql() : test.sql();
		String expectedText = test.expected(phase);
		if (expectedText != null && sync == SyncMode.BOTH) {
			assertThat(text).as(as).isEqualTo(expectedText);
		}
		if (test.has("text only")) {
			return;
		}
		List<@Nullable String> parameters = parameters(test, rewriting);
		for (CorpusDatabase stage : stages(phase, sync)) {
			List<String> queries = List.of(readsNew(phase) ? FINAL : OLD, UNEQUAL, STALE);
			CorpusDatabase.Outcome outcome = run(stage, text, parameters, sync, queries, as);
			if (expected != null) {
				assertThat(results(outcome, test)).as(as).isEqualTo(results(expected, test));
				assertThat(outcome.states().get(0)).as(as).isEqualTo(expected.states().get(0));
			}
			boolean bothKept = sync.hasTrigger() || phase == Phase.SWITCH_READS;
			if (stage == full && bothKept) {
				assertThat(outcome.states().get(1)).as(as).isEmpty();
			}
			if (bothKept || phase == Phase.DUAL_WRITE || phase == Phase.BACKFILL) {
				assertThat(outcome.states().get(2)).as(as).isEmpty();
			}
		}
	}

	private static CorpusDatabase.Outcome run(CorpusDatabase stage, String text, List<@Nullable String> parameters,
			SyncMode sync, List<String> queries, String as) {
		try {
			return stage.run(text, parameters, sync.hasTrigger(), queries);
		}
		catch (SQLException ex) {
			throw new AssertionError(as, ex);
		}
	}

	static boolean readsNew(Phase phase) {
		return phase == Phase.STOP_DUAL_WRITE;
	}

	private static List<CorpusDatabase> stages(Phase phase, SyncMode sync) {
		return switch (phase) {
			case EXPAND -> sync.hasTrigger() ? List.of(empty, half) : List.of(empty);
			case DUAL_WRITE -> List.of(empty, half);
			case BACKFILL -> List.of(half, full);
			case STOP_DUAL_WRITE -> List.of(sync.hasTrigger() ? full : unique);
			default -> List.of(full);
		};
	}

	private static List<List<String>> results(CorpusDatabase.Outcome outcome, Corpus.Case test) {
		boolean ordered = test.sql().toLowerCase(Locale.ROOT).contains("order by");
		if (ordered) {
			return outcome.results();
		}
		List<List<String>> sorted = new ArrayList<>();
		for (List<String> result : outcome.results()) {
			List<String> rows = new ArrayList<>(result.subList(1, result.size()));
			Collections.sort(rows);
			rows.add(0, result.get(0));
			sorted.add(rows);
		}
		return sorted;
	}

	private static List<@Nullable String> parameters(Corpus.Case test, Rewriting rewriting) {
		List<@Nullable String> given = test.parameters();
		if (!(rewriting instanceof Rewriting.Rewritten rewritten)) {
			return given;
		}
		assertThat(rewritten.parameters().count()).isEqualTo(given.size());
		List<@Nullable String> physical = new ArrayList<>();
		for (int i = 1; i <= rewritten.parameters().physicalCount(); i++) {
			physical.add(given.get(rewritten.parameters().original(i) - 1));
		}
		return physical;
	}

}
