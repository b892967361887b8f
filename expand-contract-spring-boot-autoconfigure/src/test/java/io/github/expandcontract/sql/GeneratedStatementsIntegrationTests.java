package io.github.expandcontract.sql;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import org.junit.jupiter.api.Test;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Runs random statements by the rules of the corpus. The same seed gives the same
 * statement: {@code -Dgenerator.seed=7 -Dgenerator.count=1} repeats one that failed, and
 * {@code -Dgenerator.count=100000 -Dgenerator.seconds=7200 -Dgenerator.threads=2} is the
 * long run.
 */
class GeneratedStatementsIntegrationTests {

	private static final int COUNT = Integer.getInteger("generator.count", 3000);

	private static final long SEED = Long.getLong("generator.seed", 1);

	private static final int SECONDS = Integer.getInteger("generator.seconds", 25);

	private static final int THREADS = Integer.getInteger("generator.threads", 1);

	private static final int SHOWN = 10;

	@Test
	void giveWhatTheFinalSchemaGives() throws Exception {
		long end = System.nanoTime() + SECONDS * 1_000_000_000L;
		ExecutorService executor = Executors.newFixedThreadPool(THREADS);
		try {
			List<Future<GeneratedStatementCheck>> parts = new ArrayList<>();
			for (int i = 0; i < THREADS; i++) {
				int part = i;
				parts.add(executor.submit(() -> check(part, end)));
			}
			GeneratedStatementCheck all = parts.get(0).get();
			for (Future<GeneratedStatementCheck> part : parts.subList(1, parts.size())) {
				all.add(part.get());
			}
			System.out.println(all.report());
			List<String> found = all.discrepancies();
			assertThat(found.subList(0, Math.min(SHOWN, found.size()))).as("discrepancies of %d", found.size())
				.isEmpty();
			assertThat(all.checked()).as("checked").isPositive();
			if (all.checked() > 100) {
				assertThat(all.refused()).as("refused").isLessThan(all.checked() / 8);
				assertThat(all.invalid()).as("not valid").isLessThan(all.checked() / 4);
			}
		}
		finally {
			executor.shutdownNow();
		}
	}

	private static GeneratedStatementCheck check(int part, long end) throws SQLException {
		GeneratedStatementCheck check = new GeneratedStatementCheck(GeneratedStatementCheck::rules);
		for (long i = part; i < COUNT && System.nanoTime() < end; i += THREADS) {
			check.check(StatementGenerator.generate(SEED + i));
		}
		return check;
	}

	@Test
	void noticeAReadOfTheCopyBeforeItIsFilled() throws SQLException {
		assertThat(discrepancies(
				(rule) -> new ColumnRule(rule.change(), Reading.NEW, rule.predicate(), rule.writing(), rule.synced())))
			.isNotEmpty();
	}

	@Test
	void noticeAPredicateOnTheCopyBeforeItIsFilled() throws SQLException {
		assertThat(discrepancies(
				(rule) -> new ColumnRule(rule.change(), rule.output(), Reading.NEW, rule.writing(), rule.synced())))
			.isNotEmpty();
	}

	@Test
	void noticeAWriteThatLeavesOneColumnOut() throws SQLException {
		assertThat(discrepancies((rule) -> rule.synced() ? rule
				: new ColumnRule(rule.change(), rule.output(), rule.predicate(), Writing.OLD, false)))
			.isNotEmpty();
	}

	@Test
	void areTheSameForTheSameSeed() {
		for (long seed = 0; seed < 100; seed++) {
			assertThat(StatementGenerator.generate(seed)).isEqualTo(StatementGenerator.generate(seed));
		}
	}

	/**
	 * What is found if the rules are broken.
	 */
	private static List<String> discrepancies(java.util.function.UnaryOperator<ColumnRule> breaking)
			throws SQLException {
		GeneratedStatementCheck check = new GeneratedStatementCheck((Phase phase,
				SyncMode sync) -> GeneratedStatementCheck.rules(phase, sync).stream().map(breaking).toList());
		for (long seed = 1; seed < 400 && check.discrepancies().isEmpty(); seed++) {
			check.check(StatementGenerator.generate(seed));
		}
		return check.discrepancies();
	}

}
