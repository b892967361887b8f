package io.github.expandcontract.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs random statements by the rules of the corpus. The same seed gives the same
 * statement.
 * <ul>
 * <li>{@code -Dgenerator.long} is the long run: {@value #LONG_COUNT} statements, and a
 * fifth as many damaged ones.</li>
 * <li>{@code -Dgenerator.seed=7 -Dgenerator.count=1} repeats a statement that
 * failed.</li>
 * <li>{@code -Dgenerator.seconds} and {@code -Dgenerator.threads} bound a run in another
 * way.</li>
 * </ul>
 */
class GeneratedStatementsIntegrationTests {

	private static final int LONG_COUNT = 125_000;

	private static final boolean LONG = Boolean.getBoolean("generator.long");

	private static final int COUNT = Integer.getInteger("generator.count", LONG ? LONG_COUNT : 3000);

	private static final long SEED = Long.getLong("generator.seed", 1);

	private static final int SECONDS = Integer.getInteger("generator.seconds", LONG ? 7200 : 120);

	private static final int THREADS = Integer.getInteger("generator.threads", 2);

	private static final int SHOWN = 10;

	@ParameterizedTest
	@EnumSource
	void giveWhatTheFinalSchemaGives(CorpusSchema schema) throws Exception {
		GeneratedStatementCheck all = run("generated", schema, StatementGenerator::generate, (COUNT + 1) / 2,
				SECONDS / 2);
		if (all.checked() > 100) {
			assertThat(all.refused()).as("refused").isLessThan(all.checked() / 8);
			assertThat(all.invalid()).as("not valid").isLessThan(all.checked() / 4);
		}
		if (LONG && COUNT == LONG_COUNT) {
			assertThat(all.checked() - all.refused()).as("passed").isGreaterThan(50_000);
		}
	}

	/**
	 * Most of them are not valid any more, and must then run in no phase.
	 */
	@ParameterizedTest
	@EnumSource
	void giveWhatTheFinalSchemaGivesWhenTheyAreDamaged(CorpusSchema schema) throws Exception {
		run("damaged", schema, StatementGenerator::mutate, LONG ? COUNT / 10 : (COUNT + 1) / 2, SECONDS / 4);
	}

	private static GeneratedStatementCheck run(String kind, CorpusSchema schema,
			BiFunction<CorpusSchema, Long, GeneratedSql> generator, int count, int seconds) throws Exception {
		long end = System.nanoTime() + seconds * 1_000_000_000L;
		ExecutorService executor = Executors.newFixedThreadPool(THREADS);
		try {
			List<Future<GeneratedStatementCheck>> parts = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				int part = i;
				parts.add(executor.submit(() -> {
					GeneratedStatementCheck check = new GeneratedStatementCheck(schema);
					for (long seed = SEED + part; seed < SEED + count && System.nanoTime() < end; seed += THREADS) {
						check.check(generator.apply(schema, seed));
						if (LONG && (seed - SEED - part) % 10_000 == 0) {
							System.out.println(kind + " for " + schema + " up to seed " + seed + ": " + check.report());
							check.discrepancies().forEach(System.out::println);
						}
					}
					return check;
				}));
			}
			GeneratedStatementCheck all = parts.get(0).get();
			for (Future<GeneratedStatementCheck> part : parts.subList(1, parts.size())) {
				all.add(part.get());
			}
			System.out.println(kind + " for " + schema + ": " + all.report());
			List<String> found = all.discrepancies();
			assertThat(found.subList(0, Math.min(SHOWN, found.size()))).as("discrepancies of %d", found.size())
				.isEmpty();
			assertThat(all.checked() + all.invalid()).as("checked").isPositive();
			return all;
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void noticeAReadOfTheCopyBeforeItIsFilled() throws SQLException {
		assertThat(discrepancies((rule) -> new ColumnRule(rule.change(), rule.column(), Reading.NEW, rule.predicate(),
				rule.writing(), rule.synced())))
			.isNotEmpty();
	}

	@Test
	void noticeAPredicateOnTheCopyBeforeItIsFilled() throws SQLException {
		assertThat(discrepancies((rule) -> new ColumnRule(rule.change(), rule.column(), rule.output(), Reading.NEW,
				rule.writing(), rule.synced())))
			.isNotEmpty();
	}

	@Test
	void noticeAWriteThatLeavesOneColumnOut() throws SQLException {
		assertThat(discrepancies((rule) -> rule.synced() ? rule
				: new ColumnRule(rule.change(), rule.column(), rule.output(), rule.predicate(), Writing.OLD, false)))
			.isNotEmpty();
	}

	/**
	 * Only a value that differs each time shows this.
	 */
	@Test
	void noticeAValueThatIsEvaluatedTwice() throws SQLException {
		GeneratedStatementCheck check = new GeneratedStatementCheck(CorpusSchema.RENAMED,
				(phase, sync) -> GeneratedStatementCheck.rules(CorpusSchema.RENAMED, phase, sync),
				Set.of("random", "nextval", "gen_random_uuid", "clock_timestamp"));
		for (long seed = 1; seed < 2000 && check.discrepancies().isEmpty(); seed++) {
			GeneratedSql sql = StatementGenerator.generate(CorpusSchema.RENAMED, seed);
			if (sql.varies()) {
				check.check(sql);
			}
		}
		assertThat(check.discrepancies()).isNotEmpty();
	}

	@Test
	void areTheSameForTheSameSeed() {
		for (long seed = 0; seed < 100; seed++) {
			assertThat(StatementGenerator.generate(CorpusSchema.RENAMED, seed))
				.isEqualTo(StatementGenerator.generate(CorpusSchema.RENAMED, seed));
			assertThat(StatementGenerator.mutate(CorpusSchema.RENAMED, seed))
				.isEqualTo(StatementGenerator.mutate(CorpusSchema.RENAMED, seed));
		}
	}

	/**
	 * What is found if the rules are broken.
	 */
	private static List<String> discrepancies(UnaryOperator<ColumnRule> breaking) throws SQLException {
		GeneratedStatementCheck check = new GeneratedStatementCheck(CorpusSchema.RENAMED,
				(phase, sync) -> GeneratedStatementCheck.rules(CorpusSchema.RENAMED, phase, sync)
					.stream()
					.map(breaking)
					.toList(),
				Set.of());
		for (long seed = 1; seed < 400 && check.discrepancies().isEmpty(); seed++) {
			check.check(StatementGenerator.generate(CorpusSchema.RENAMED, seed));
		}
		return check.discrepancies();
	}

}
