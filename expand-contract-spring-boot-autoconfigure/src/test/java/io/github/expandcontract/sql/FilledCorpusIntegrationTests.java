package io.github.expandcontract.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.testing.ServerVersion;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs every case of {@code corpus-filled} in every phase at every stage of the backfill:
 * what the caller gets and what is in the tables afterwards is what the same statement
 * gives on the final schema.
 */
class FilledCorpusIntegrationTests {

	private static final String REFUSED = "refused: ";

	private static final FilledDatabases DATABASES = FilledDatabases.create();

	@TestFactory
	Stream<DynamicTest> givesWhatTheFinalSchemaGives() {
		return Corpus.load("corpus-filled")
			.stream()
			.map((test) -> DynamicTest.dynamicTest(test.toString(), () -> check(test)));
	}

	@Test
	void holdsFortyCasesOfEachKind() {
		assertThat(Corpus.load("corpus-filled")).doesNotHaveDuplicates()
			.extracting(Corpus.Case::file)
			.satisfies((files) -> {
				assertThat(Collections.frequency(files, "required")).isGreaterThanOrEqualTo(40);
				assertThat(Collections.frequency(files, "reshape")).isGreaterThanOrEqualTo(40);
			});
	}

	private static void check(Corpus.Case test) throws SQLException {
		if (test.has("since")) {
			ServerVersion.assume(Integer.parseInt(test.sections().get("since")), TestDatabase.create().jdbc(),
					test.name());
		}
		boolean runs = !test.has("refused");
		CorpusDatabase.Outcome expected = runs
				? DATABASES.contracted()
					.run(withKeys(test, test.sql()), test.parameters(), true, List.of(FilledDatabases.finalState()))
				: null;
		for (Phase phase : Phase.values()) {
			if (phase != Phase.CONTRACT) {
				check(test, phase, expected);
			}
		}
	}

	private static void check(Corpus.Case test, Phase phase, CorpusDatabase.@Nullable Outcome expected)
			throws SQLException {
		Rewriting rewriting = new StatementRewriter(DATABASES.full().view(), FilledSchema.rules(phase, SyncMode.BOTH))
			.rewrite(test.sql(), test.keys());
		String as = test + " in " + phase + ": " + rewriting;
		String text = test.expected(phase);
		boolean refusedHere = text != null && text.startsWith(REFUSED);
		if (expected == null || refusedHere) {
			String reason = refusedHere ? text.substring(REFUSED.length()) : test.sections().get("refused");
			assertThat(rewriting).as(as)
				.isInstanceOfSatisfying(Rewriting.Refused.class,
						(refused) -> assertThat(refused.reason()).contains(reason));
			return;
		}
		assertThat(rewriting).as(as).isNotInstanceOf(Rewriting.Refused.class);
		String sent = (rewriting instanceof Rewriting.Rewritten rewritten) ? rewritten.sql() : test.sql();
		if (text != null) {
			assertThat(sent).as(as).isEqualTo(text);
		}
		if (!(rewriting instanceof Rewriting.Rewritten rewritten) || !rewritten.returnsKeys()) {
			sent = withKeys(test, sent);
		}
		for (CorpusDatabase stage : DATABASES.stages(phase)) {
			String state = (stage == DATABASES.full() && phase.compareTo(Phase.SWITCH_READS) >= 0)
					? FilledDatabases.finalState() : FilledDatabases.formerState();
			CorpusDatabase.Outcome outcome = run(stage, sent, parameters(test, rewriting),
					List.of(state, FilledDatabases.disagreeing()), as);
			assertThat(results(test, outcome)).as(as).isEqualTo(results(test, expected));
			assertThat(outcome.states().get(0)).as(as).isEqualTo(expected.states().get(0));
			assertThat(outcome.states().get(1)).as(as).isEmpty();
		}
	}

	/**
	 * The text to which the driver adds what it is asked to return.
	 */
	private static String withKeys(Corpus.Case test, String text) {
		if (test.keys() instanceof GeneratedKeys.Named named) {
			return text + " RETURNING " + String.join(", ", named.columns());
		}
		return (test.keys() instanceof GeneratedKeys.All) ? text + " RETURNING *" : text;
	}

	private static CorpusDatabase.Outcome run(CorpusDatabase stage, String text, List<@Nullable String> parameters,
			List<String> queries, String as) {
		try {
			return stage.run(text, parameters, true, queries);
		}
		catch (SQLException ex) {
			throw new AssertionError(as, ex);
		}
	}

	private static List<@Nullable String> parameters(Corpus.Case test, Rewriting rewriting) {
		List<@Nullable String> given = test.parameters();
		if (!(rewriting instanceof Rewriting.Rewritten rewritten)) {
			return given;
		}
		List<@Nullable String> physical = new ArrayList<>();
		for (int i = 1; i <= rewritten.parameters().physicalCount(); i++) {
			physical.add(given.get(rewritten.parameters().original(i) - 1));
		}
		return physical;
	}

	private static List<List<String>> results(Corpus.Case test, CorpusDatabase.Outcome outcome) {
		if (test.sql().toLowerCase(Locale.ROOT).contains("order by")) {
			return outcome.results();
		}
		return outcome.results().stream().map((result) -> {
			List<String> rows = new ArrayList<>(result.subList(1, result.size()));
			Collections.sort(rows);
			rows.add(0, result.get(0));
			return rows;
		}).toList();
	}

}
