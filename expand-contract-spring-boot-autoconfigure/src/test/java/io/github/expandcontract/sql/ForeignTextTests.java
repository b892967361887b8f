package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

import org.junit.jupiter.api.Test;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.postgres.TableName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

/**
 * Any text comes back: untouched where no changing table is named, else rewritten or
 * refused, and never with an exception. {@code -Dforeign.count=1000000} takes more texts,
 * {@code -Dforeign.seed=7 -Dforeign.count=1} repeats one.
 */
class ForeignTextTests {

	private static final long SEED = Long.getLong("foreign.seed", 1);

	private static final int COUNT = Integer.getInteger("foreign.count", 20_000);

	private final Map<CorpusSchema, Map<Phase, StatementRewriter>> rewriters = new EnumMap<>(CorpusSchema.class);

	ForeignTextTests() {
		SchemaView view = view();
		for (CorpusSchema schema : CorpusSchema.values()) {
			Map<Phase, StatementRewriter> rewriters = new EnumMap<>(Phase.class);
			for (Phase phase : Phase.values()) {
				rewriters.put(phase, schema.rewriter(view, phase, SyncMode.BOTH));
			}
			this.rewriters.put(schema, rewriters);
		}
	}

	private static SchemaView view() {
		Map<TableName, Table> tables = new HashMap<>();
		List<ColumnChange> changes = CorpusSchema.RENAMED.copies();
		for (ColumnChange change : changes) {
			TableName name = change.table();
			String key = name.name().equals("Person") ? "\"Person\"" : name.name();
			List<Column> columns = new ArrayList<>();
			for (Visible.Column column : FromGenerator.tables(true).getOrDefault(key, List.of())) {
				columns.add(column(column.name().replace("\"", ""), columns.size() + 1));
			}
			changes.stream()
				.filter((other) -> other.table().equals(name))
				.forEach((other) -> columns.add(column(other.oldColumn(), columns.size() + 1)));
			tables.put(name, new Table(1, name, false, columns, List.of("id")));
		}
		TableName namesake = new TableName("other", "users");
		return new SchemaView(
				1, List.of("public"), tables, Set.of(namesake), Map.of(new TableName("public", "accounts"),
						Set.of("handle", "username"), namesake, Set.of("handle", "username")),
				Set.of("lower", "upper"));
	}

	private static Column column(String name, int number) {
		return new Column(name, number, "text", false, null, false, false, false, null);
	}

	/**
	 * Each text meets one of the schemas.
	 */
	private Rewriting rewrite(long seed, Phase phase, String text) {
		List<CorpusSchema> schemas = List.of(CorpusSchema.values());
		CorpusSchema schema = schemas.get((int) (seed / 2 % schemas.size()));
		return Objects.requireNonNull(Objects.requireNonNull(this.rewriters.get(schema)).get(phase)).rewrite(text);
	}

	@Test
	void comesBackWhateverItIs() throws Exception {
		AtomicLong current = new AtomicLong();
		ExecutorService executor = Executors.newSingleThreadExecutor((task) -> {
			Thread thread = new Thread(task, "foreign text");
			thread.setDaemon(true);
			return thread;
		});
		try {
			Future<Integer> run = executor.submit(() -> rewriteAll(current));
			// A text that takes for ever shows itself by its seed, not by a stuck build.
			executor.shutdown();
			long last = -1;
			while (!executor.awaitTermination(2, TimeUnit.MINUTES)) {
				assertThat(current.get()).as("seed that does not end").isNotEqualTo(last);
				last = current.get();
			}
			assertThat(run.get()).as("texts that were untouched").isBetween(COUNT / 10, COUNT);
		}
		finally {
			executor.shutdownNow();
		}
	}

	private int rewriteAll(AtomicLong current) {
		int untouched = 0;
		for (long seed = SEED; seed < SEED + COUNT; seed++) {
			current.set(seed);
			String text = ForeignText.generate(seed);
			boolean all = true;
			for (Phase phase : Phase.values()) {
				all &= rewrite(seed, text, phase) instanceof Rewriting.Untouched;
			}
			untouched += all ? 1 : 0;
		}
		return untouched;
	}

	private Rewriting rewrite(long seed, String text, Phase phase) {
		Rewriting rewriting;
		try {
			rewriting = rewrite(seed, phase, text);
		}
		catch (RuntimeException | StackOverflowError ex) {
			return fail("seed " + seed + " in " + phase + ": " + shortened(text), ex);
		}
		String lower = text.toLowerCase(Locale.ROOT);
		boolean named = lower.contains("users") || lower.contains("products") || lower.contains("person")
				|| lower.contains("items") || mayEscape(lower);
		if (!named || phase == Phase.CONTRACT) {
			assertThat(rewriting).as("seed %d in %s: %s", seed, phase, shortened(text))
				.isInstanceOf(Rewriting.Untouched.class);
		}
		if (rewriting instanceof Rewriting.Rewritten rewritten) {
			assertThat(TextPieces.comments(rewritten.sql())).as("seed %d in %s: %s", seed, phase, shortened(text))
				.containsSubsequence(TextPieces.comments(text));
		}
		return rewriting;
	}

	/**
	 * Statements over other tables, which own columns of the same names, are not looked
	 * at, even if they are damaged.
	 */
	@Test
	void staysAsItIsWhereNoChangingTableIsNamed() {
		for (long seed = SEED; seed < SEED + COUNT / 4; seed++) {
			String text = ForeignText
				.elsewhere((seed % 2 == 0) ? StatementGenerator.generate(CorpusSchema.RENAMED, seed).sql()
						: StatementGenerator.mutate(CorpusSchema.RENAMED, seed).sql());
			for (Phase phase : Phase.values()) {
				if (mayEscape(text.toLowerCase(Locale.ROOT))) {
					continue;
				}
				assertThat(rewrite(seed, phase, text)).as("seed %d in %s: %s", seed, phase, text)
					.isInstanceOf(Rewriting.Untouched.class);
			}
		}
	}

	/**
	 * Whether a name in the text may be any table's.
	 */
	private static boolean mayEscape(String lower) {
		return lower.contains("u&\"") && (lower.contains("\\") || lower.contains("uescape"));
	}

	private static String shortened(String text) {
		return (text.length() <= 500) ? text : text.substring(0, 500) + "… of " + text.length() + " characters";
	}

}
