package io.github.expandcontract.jdbc;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.Ticket;
import io.github.expandcontract.sql.ColumnRule;
import io.github.expandcontract.sql.GeneratedKeys;
import io.github.expandcontract.sql.Rewriting;
import io.github.expandcontract.sql.StatementRewriter;

/**
 * Time that it takes to find out what becomes of a text, as a connection does it:
 * <ol>
 * <li>{@code cached}: a text that was seen before, as a constant of the caller.</li>
 * <li>{@code cachedFreshText}: a text that was seen before, which the caller puts
 * together anew each time. Includes making the string and its hash.</li>
 * <li>{@code uncached}: a text that was never seen before.</li>
 * </ol>
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.SampleTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 4, time = 1)
@Measurement(iterations = 5, time = 1)
public class RewriteBenchmark {

	private final Admission admission = new Admission(Duration.ofSeconds(1));

	private final StatementInterceptor interceptor = Texts.interceptor(this.admission);

	private final Ticket ticket = this.admission.admit();

	private final StatementRewriter rewriter = new StatementRewriter(Texts.SCHEMA,
			ColumnRule.of(Texts.CHANGE, Phase.DUAL_WRITE, SyncMode.BOTH).stream().toList());

	@Param
	private Texts text = Texts.SPRING_DATA_INSERT;

	private String sql = "";

	private byte[] characters = {};

	@Setup
	public void setUp() {
		this.sql = this.text.sql();
		this.characters = this.sql.getBytes(StandardCharsets.ISO_8859_1);
		boolean untouched = uncached() instanceof Rewriting.Untouched;
		if (uncached() instanceof Rewriting.Refused refused) {
			throw new IllegalStateException(this.text + " is refused: " + refused.reason());
		}
		if (untouched != (this.text == Texts.ANOTHER_TABLE)) {
			throw new IllegalStateException(this.text + " comes to nothing");
		}
	}

	@Benchmark
	public Rewriting cached() {
		return find(this.sql);
	}

	@Benchmark
	public Rewriting cachedFreshText() {
		return find(new String(this.characters, StandardCharsets.ISO_8859_1));
	}

	@Benchmark
	public Rewriting uncached() {
		return this.rewriter.rewrite(this.sql);
	}

	private Rewriting find(String wanted) {
		RuleBook book = Objects.requireNonNull(this.interceptor.book());
		return book.rules(this.ticket.snapshot()).rewrite(wanted, GeneratedKeys.NONE);
	}

}
