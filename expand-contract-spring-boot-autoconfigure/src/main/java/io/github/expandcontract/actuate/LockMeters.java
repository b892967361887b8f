package io.github.expandcontract.actuate;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.LongAdder;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.binder.MeterBinder;

import io.github.expandcontract.postgres.BlockingSession;
import io.github.expandcontract.postgres.LockListener;

/**
 * Shows what stands in the way of DDL: {@code expandcontract.lock.waits} counts attempts
 * that did not get their locks and builds that wait, by {@code step};
 * {@code expandcontract.lock.blockers} counts the sessions that stood before them, by
 * their {@code application}. Each tag takes {@value #MOST} values at most, and the rest
 * counts as {@value #OTHER}.
 */
public class LockMeters implements MeterBinder, LockListener {

	private static final int MOST = 100;

	private static final String OTHER = "other";

	private final Map<String, LongAdder> waits = new ConcurrentHashMap<>();

	private final Map<String, LongAdder> blockers = new ConcurrentHashMap<>();

	private final List<MeterRegistry> registries = new CopyOnWriteArrayList<>();

	@Override
	public synchronized void bindTo(MeterRegistry registry) {
		this.waits.forEach((step, count) -> registerWaits(registry, step, count));
		this.blockers.forEach((application, count) -> registerBlockers(registry, application, count));
		this.registries.add(registry);
	}

	@Override
	public synchronized void blocked(String step, boolean gaveUp, List<BlockingSession> sessions) {
		String known = bounded(this.waits, step);
		this.waits.computeIfAbsent(known, (key) -> {
			LongAdder count = new LongAdder();
			this.registries.forEach((registry) -> registerWaits(registry, key, count));
			return count;
		}).increment();
		for (BlockingSession session : sessions) {
			String application = session.applicationName();
			String name = bounded(this.blockers,
					(application == null || application.isEmpty()) ? "unknown" : application);
			this.blockers.computeIfAbsent(name, (key) -> {
				LongAdder count = new LongAdder();
				this.registries.forEach((registry) -> registerBlockers(registry, key, count));
				return count;
			}).increment();
		}
	}

	private static String bounded(Map<String, LongAdder> counts, String key) {
		return (counts.containsKey(key) || counts.size() < MOST) ? key : OTHER;
	}

	private static void registerWaits(MeterRegistry registry, String step, LongAdder count) {
		FunctionCounter.builder("expandcontract.lock.waits", count, LongAdder::doubleValue)
			.description("Attempts that did not get their locks, and concurrent builds that wait")
			.tag("step", step)
			.register(registry);
	}

	private static void registerBlockers(MeterRegistry registry, String application, LongAdder count) {
		FunctionCounter.builder("expandcontract.lock.blockers", count, LongAdder::doubleValue)
			.description("Sessions that stood before our DDL in the queue for a lock")
			.tag("application", application)
			.register(registry);
	}

}
