package io.github.expandcontract.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.opentest4j.TestAbortedException;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs every case of the corpus in every phase, under every way of keeping the columns in
 * step, at every stage of the backfill that is possible there, on PostgreSQL: what the
 * caller gets and what is in the tables afterwards is what the same statement gives on
 * the final schema. All of it for columns that are renamed by a copy or in place, and for
 * columns whose values are converted under another name or under the same.
 */
class CorpusIntegrationTests {

	private static final String REFUSED = "refused: ";

	private static final Map<CorpusSchema, Databases> DATABASES = new EnumMap<>(CorpusSchema.class);

	/**
	 * The databases of a schema.
	 *
	 * @param contracted its final shape, where a trigger kept the columns in step
	 * @param unsynced its final shape, where none did
	 * @param unique as full, and with the unique indexes that the new column needs where
	 * nothing keeps the old one in step
	 */
	private record Databases(CorpusDatabase contracted, CorpusDatabase unsynced, CorpusDatabase empty,
			CorpusDatabase half, CorpusDatabase full, CorpusDatabase unique, SchemaView view) {

		static Databases of(CorpusSchema schema) {
			return DATABASES.computeIfAbsent(schema, Databases::create);
		}

		private static Databases create(CorpusSchema schema) {
			try {
				CorpusDatabase full = CorpusDatabase.expanded(schema, "true");
				return new Databases(CorpusDatabase.contracted(schema, true), CorpusDatabase.contracted(schema, false),
						CorpusDatabase.expanded(schema, "false"), CorpusDatabase.expanded(schema, "id % 2 = 0"), full,
						CorpusDatabase.unique(schema), full.view());
			}
			catch (SQLException ex) {
				throw new IllegalStateException(ex);
			}
		}

		CorpusDatabase finalShape(SyncMode sync) {
			return sync.hasTrigger() ? this.contracted : this.unsynced;
		}

		List<CorpusDatabase> stages(Phase phase, SyncMode sync) {
			return switch (phase) {
				case EXPAND -> sync.hasTrigger() ? List.of(this.empty, this.half) : List.of(this.empty);
				case DUAL_WRITE -> List.of(this.empty, this.half);
				case BACKFILL -> List.of(this.half, this.full);
				case STOP_DUAL_WRITE -> List.of(sync.hasTrigger() ? this.full : this.unique);
				default -> List.of(this.full);
			};
		}

	}

	@TestFactory
	Stream<DynamicTest> givesWhatTheFinalSchemaGives() {
		return tests(CorpusSchema.RENAMED);
	}

	@TestFactory
	Stream<DynamicTest> givesWhatTheFinalSchemaGivesWhereValuesAreConverted() {
		return tests(CorpusSchema.CONVERTED);
	}

	@TestFactory
	Stream<DynamicTest> givesWhatTheFinalSchemaGivesWhereColumnsAreRenamedInPlace() {
		return tests(CorpusSchema.IN_PLACE);
	}

	@TestFactory
	Stream<DynamicTest> givesWhatTheFinalSchemaGivesWhereColumnsKeepTheirNames() {
		return tests(CorpusSchema.KEPT);
	}

	@Test
	void holdsFourHundredCases() {
		assertThat(Corpus.load()).hasSizeGreaterThanOrEqualTo(400).doesNotHaveDuplicates();
	}

	private static Stream<DynamicTest> tests(CorpusSchema schema) {
		return Corpus.load()
			.stream()
			.map((test) -> DynamicTest.dynamicTest(test.toString(), () -> new Check(schema, test).run()));
	}

	static boolean readsNew(Phase phase) {
		return phase == Phase.STOP_DUAL_WRITE;
	}

	/**
	 * Checks a case.
	 */
	private static final class Check {

		private final CorpusSchema schema;

		private final Corpus.Case test;

		private final Databases databases;

		Check(CorpusSchema schema, Corpus.Case test) {
			this.schema = schema;
			this.test = test;
			this.databases = Databases.of(schema);
		}

		void run() {
			int run = 0;
			for (SyncMode sync : SyncMode.values()) {
				if ((!sync.hasTrigger() && this.test.has("only with trigger"))) {
					continue;
				}
				CorpusDatabase.Outcome expected = null;
				if (isRun()) {
					try {
						expected = this.databases.finalShape(sync)
							.run(this.test.sql(), this.test.parameters(), false, List.of(CorpusSchema.finalState()));
					}
					catch (SQLException ex) {
						// Where the columns stand in another order it may be no statement
						assertThat(this.schema.originalsStay(sync.hasTrigger())).as(ex.getMessage()).isFalse();
						continue;
					}
				}
				run++;
				for (Phase phase : Phase.values()) {
					if (phase != Phase.CONTRACT) {
						check(phase, sync, expected);
					}
				}
			}
			if (run == 0) {
				throw new TestAbortedException("The final schema has its columns in another order");
			}
		}

		private boolean isRun() {
			return !this.test.has("refused") && !this.test.has("text only") && !this.test.has("varies");
		}

		private boolean isRefused(Phase phase, SyncMode sync) {
			boolean writesBoth = phase == Phase.DUAL_WRITE || phase == Phase.BACKFILL || phase == Phase.SWITCH_READS;
			return this.test.has("refused")
					|| (sync == SyncMode.APPLICATION && writesBoth && this.test.has("refused without trigger"))
					|| (phase == Phase.EXPAND && isRefusedForConversion());
		}

		private boolean isRefusedForConversion() {
			return this.schema.converts() && this.test.has("refused where values are converted");
		}

		private void check(Phase phase, SyncMode sync, CorpusDatabase.@Nullable Outcome expected) {
			Rewriting rewriting = this.schema.rewriter(this.databases.view(), phase, sync)
				.rewrite(this.test.sql(), this.test.keys());
			String as = this.test + " in " + phase + " with " + sync + ": " + rewriting;
			String expectedText = this.test.expected(phase);
			boolean refusedHere = expectedText != null && expectedText.startsWith(REFUSED);
			// Where there is one column only, a value is written once
			boolean written = this.schema == CorpusSchema.IN_PLACE && this.test.has("refused without trigger")
					&& !(rewriting instanceof Rewriting.Refused);
			if (!written && (refusedHere || isRefused(phase, sync))) {
				String reason = refusedHere ? expectedText.substring(REFUSED.length())
						: Objects.requireNonNullElse(this.test.sections().get("refused"), "");
				assertThat(rewriting).as(as)
					.isInstanceOfSatisfying(Rewriting.Refused.class,
							(refused) -> assertThat(refused.reason()).contains(reason));
				return;
			}
			if (isRefusedForConversion() && rewriting instanceof Rewriting.Refused) {
				return;
			}
			assertThat(rewriting).as(as).isNotInstanceOf(Rewriting.Refused.class);
			if (this.test.has("untouched")) {
				assertThat(rewriting).as(as).isInstanceOf(Rewriting.Untouched.class);
			}
			String text = (rewriting instanceof Rewriting.Rewritten rewritten) ? rewritten.sql() : this.test.sql();
			if (expectedText != null && sync == SyncMode.BOTH && this.schema == CorpusSchema.RENAMED) {
				assertThat(text).as(as).isEqualTo(expectedText);
			}
			if (!this.test.has("text only")) {
				check(phase, sync, expected, text, parameters(rewriting), as);
			}
		}

		private void check(Phase phase, SyncMode sync, CorpusDatabase.@Nullable Outcome expected, String text,
				List<@Nullable String> parameters, String as) {
			for (CorpusDatabase stage : this.databases.stages(phase, sync)) {
				List<String> queries = List.of(readsNew(phase) ? this.schema.newState() : this.schema.formerState(),
						this.schema.disagreeing(false), this.schema.disagreeing(true));
				CorpusDatabase.Outcome outcome = run(stage, text, parameters, sync, queries, as);
				if (expected != null) {
					assertThat(results(outcome)).as(as).isEqualTo(results(expected));
					assertThat(outcome.states().get(0)).as(as).isEqualTo(expected.states().get(0));
				}
				boolean bothKept = sync.hasTrigger() || phase == Phase.SWITCH_READS;
				if (stage == this.databases.full() && bothKept) {
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

		private List<List<String>> results(CorpusDatabase.Outcome outcome) {
			if (this.test.sql().toLowerCase(Locale.ROOT).contains("order by")) {
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

		private List<@Nullable String> parameters(Rewriting rewriting) {
			List<@Nullable String> given = this.test.parameters();
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

}
