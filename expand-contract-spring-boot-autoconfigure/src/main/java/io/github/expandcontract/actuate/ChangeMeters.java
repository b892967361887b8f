package io.github.expandcontract.actuate;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.phase.Admission;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;

/**
 * Meters per change, tagged with its id: {@code expandcontract.phase} (0 for expand to 5
 * for contract), {@code expandcontract.backfill.rows} and {@code .remaining}. The
 * database is asked at most once in five seconds, however often the meters are read.
 */
public class ChangeMeters implements MeterBinder {

	private static final long FRESH = TimeUnit.SECONDS.toNanos(5);

	private final Operations operations;

	private final Admission admission;

	private final Map<String, Reading> readings = new ConcurrentHashMap<>();

	/**
	 * Creates meters that are bound later.
	 * @param operations what an operator sees
	 * @param admission tells the present phases
	 */
	public ChangeMeters(Operations operations, Admission admission) {
		this.operations = operations;
		this.admission = admission;
	}

	@Override
	public void bindTo(MeterRegistry registry) {
		for (Change change : this.operations.declared()) {
			String id = change.id();
			Tags tags = Tags.of("change", id);
			Gauge.builder("expandcontract.phase", this, (meters) -> meters.phase(id))
				.description("Phase of the change, from 0 (expand) to 5 (contract)")
				.tags(tags)
				.register(registry);
			FunctionCounter.builder("expandcontract.backfill.rows", this, (meters) -> meters.progress(id).rowsDone())
				.description("Rows that the backfill has gone over")
				.baseUnit("rows")
				.tags(tags)
				.register(registry);
			Gauge
				.builder("expandcontract.backfill.remaining", this,
						(meters) -> Math.max(0, meters.progress(id).rowsTotal() - meters.progress(id).rowsDone()))
				.description("Rows that the backfill has still to go over, by estimate")
				.baseUnit("rows")
				.tags(tags)
				.register(registry);
		}
	}

	private double phase(String id) {
		Phase phase = this.admission.current().phases().get(id);
		if (phase == null) {
			return Double.NaN;
		}
		return switch (phase) {
			case EXPAND -> 0;
			case DUAL_WRITE -> 1;
			case BACKFILL -> 2;
			case SWITCH_READS -> 3;
			case STOP_DUAL_WRITE -> 4;
			case CONTRACT -> 5;
		};
	}

	private BackfillProgress progress(String id) {
		Reading last = this.readings.get(id);
		if (last == null || System.nanoTime() - last.at() > FRESH) {
			last = new Reading(this.operations.progress(id), System.nanoTime());
			this.readings.put(id, last);
		}
		return last.progress();
	}

	private record Reading(BackfillProgress progress, long at) {

	}

}
