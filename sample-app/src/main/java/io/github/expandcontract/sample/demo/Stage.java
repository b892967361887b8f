package io.github.expandcontract.sample.demo;

import java.util.concurrent.atomic.AtomicLong;

import io.github.expandcontract.Phase;
import org.jspecify.annotations.Nullable;

/**
 * One step of the walk and the requests that began in it, the move into its phase
 * included.
 */
final class Stage {

	private final String title;

	private final Phase phase;

	private final Histogram latency = new Histogram();

	private final AtomicLong failed = new AtomicLong();

	private final long begin = System.nanoTime();

	private volatile @Nullable Long end;

	Stage(String title, Phase phase) {
		this.title = title;
		this.phase = phase;
	}

	String title() {
		return this.title;
	}

	Phase phase() {
		return this.phase;
	}

	void record(long nanos) {
		this.latency.record(nanos);
	}

	void fail() {
		this.failed.incrementAndGet();
	}

	void finish() {
		if (this.end == null) {
			this.end = System.nanoTime();
		}
	}

	long requests() {
		return this.latency.count();
	}

	long failed() {
		return this.failed.get();
	}

	double seconds() {
		Long finished = this.end;
		return (((finished != null) ? finished : System.nanoTime()) - this.begin) / 1e9;
	}

	Histogram latency() {
		return this.latency;
	}

}
