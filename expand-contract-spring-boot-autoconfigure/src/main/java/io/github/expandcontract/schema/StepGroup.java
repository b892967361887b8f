package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

/**
 * Steps that run together: one transaction, or one statement that runs outside of any.
 *
 * @param lock takes the locks of the transaction, {@code null} where the steps take them
 * @param steps what runs then
 */
record StepGroup(@Nullable Step lock, List<Step> steps) {

	StepGroup {
		steps = List.copyOf(steps);
	}

	static StepGroup transaction(Step lock, Step... steps) {
		return new StepGroup(lock, List.of(steps));
	}

	static StepGroup of(Step... steps) {
		return new StepGroup(null, List.of(steps));
	}

	boolean transactional() {
		return this.steps.stream().allMatch(Step::transactional);
	}

	/**
	 * The steps as a plan shows them: one that has a transaction to itself shares none
	 * with those beside it.
	 */
	List<Step> all() {
		List<Step> all = new ArrayList<>();
		if (this.lock != null) {
			all.add(this.lock);
		}
		all.addAll(this.steps);
		return (all.size() == 1) ? List.of(all.get(0).alone()) : List.copyOf(all);
	}

	String purpose() {
		return this.steps.get(0).purpose();
	}

	/**
	 * Runs the steps in a transaction. Where several tables or partitions are locked each
	 * has a wait of its own, while those before it keep traffic out already; so that
	 * statement is bounded as a whole.
	 */
	void run(JdbcOperations transaction) {
		if (this.lock != null) {
			transaction.execute("""
					SELECT pg_catalog.set_config('statement_timeout', pg_catalog.current_setting('lock_timeout'), true)
					""");
			transaction.execute(this.lock.sql());
			transaction.execute("SET LOCAL statement_timeout = 0");
		}
		this.steps.forEach((step) -> transaction.execute(step.sql()));
	}

}
