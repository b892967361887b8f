package io.github.expandcontract.actuate;

import java.util.List;

import io.github.expandcontract.postgres.BlockingSession;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class LockMetersTests {

	private static final BlockingSession REPORT = new BlockingSession(1, "nightly-report", "active", null, false);

	private final LockMeters meters = new LockMeters();

	private final SimpleMeterRegistry registry = new SimpleMeterRegistry();

	@Test
	void countsWhatWasSeenBeforeAndAfterItIsBound() {
		this.meters.blocked("expand users-handle", true, List.of(REPORT));
		this.meters.bindTo(this.registry);
		this.meters.blocked("expand users-handle", true,
				List.of(REPORT, new BlockingSession(2, null, null, null, false)));
		assertThat(waits("expand users-handle")).isEqualTo(2);
		assertThat(blockers("nightly-report")).isEqualTo(2);
		assertThat(blockers("unknown")).isEqualTo(1);
	}

	@Test
	void keepsTheNumberOfTagsBounded() {
		this.meters.bindTo(this.registry);
		for (int i = 0; i < 150; i++) {
			this.meters.blocked("step " + i, true, List.of());
		}
		assertThat(this.registry.find("expandcontract.lock.waits").meters()).hasSize(101);
		assertThat(waits("other")).isEqualTo(50);
	}

	private double waits(String step) {
		return this.registry.get("expandcontract.lock.waits").tag("step", step).functionCounter().count();
	}

	private double blockers(String application) {
		return this.registry.get("expandcontract.lock.blockers")
			.tag("application", application)
			.functionCounter()
			.count();
	}

}
