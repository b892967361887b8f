package io.github.expandcontract.actuate;

import java.util.function.ToDoubleFunction;

import io.github.expandcontract.jdbc.StatementCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Shows what becomes of statements: {@code expandcontract.statements.rewritten},
 * {@code .refused} and {@code .unannotated}.
 */
public class StatementMeters implements MeterBinder {

	private final StatementCounts counts;

	/**
	 * Creates meters that are bound later.
	 * @param counts the counts to show
	 */
	public StatementMeters(StatementCounts counts) {
		this.counts = counts;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		register(registry, "rewritten", "Statements that ran with another text", StatementCounts::rewritten);
		register(registry, "refused", "Statements that were refused", StatementCounts::refused);
		register(registry, "unannotated",
				"Statements that name a changing column, from outside of annotated repositories",
				StatementCounts::unannotated);
	}

	private void register(MeterRegistry registry, String name, String description,
			ToDoubleFunction<StatementCounts> count) {
		FunctionCounter.builder("expandcontract.statements." + name, this.counts, count)
			.description(description)
			.register(registry);
	}

}
