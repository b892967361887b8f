package io.github.expandcontract.phase;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;

import org.junit.jupiter.api.Test;

import io.github.expandcontract.Phase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AdmissionTests {

	private final Admission admission = new Admission(Duration.ofMillis(100));

	@Test
	void isDrainedOnlyWhenCallsUnderFormerSnapshotsHaveEnded() {
		publish(Phase.EXPAND, 1);
		Ticket early = this.admission.admit();
		publish(Phase.DUAL_WRITE, 2);
		assertThat(this.admission.drained()).isFalse();
		Ticket late = this.admission.admit();
		assertThat(early.snapshot().phases()).containsEntry("c", Phase.EXPAND);
		assertThat(late.snapshot().phases()).containsEntry("c", Phase.DUAL_WRITE);
		early.close();
		assertThat(this.admission.drained()).isTrue();
		assertThat(this.admission.idle()).isFalse();
		late.close();
		assertThat(this.admission.idle()).isTrue();
	}

	@Test
	void closingTwiceCountsOnce() {
		Ticket first = this.admission.admit();
		Ticket second = this.admission.admit();
		first.close();
		first.close();
		assertThat(this.admission.idle()).isFalse();
		second.close();
		assertThat(this.admission.idle()).isTrue();
	}

	@Test
	void sharedTicketOutlivesTheCall() {
		Ticket call = this.admission.admit();
		Ticket connection = call.share();
		call.close();
		assertThat(this.admission.idle()).isFalse();
		connection.close();
		assertThat(this.admission.idle()).isTrue();
		assertThatExceptionOfType(IllegalStateException.class).isThrownBy(call::share);
	}

	@Test
	void publishingTheSameAgainStartsNoGeneration() {
		PhaseSnapshot first = publish(Phase.EXPAND, 1);
		assertThat(publish(Phase.EXPAND, 1)).isSameAs(first);
	}

	@Test
	void heldCallFailsAfterItsPatienceAndSaysWhy() {
		this.admission.hold();
		assertThatExceptionOfType(AdmissionTimeoutException.class).isThrownBy(this.admission::admit)
			.withMessageContaining("held");
		assertThat(this.admission.idle()).isTrue();
	}

	@Test
	void workWithinAnAdmittedCallIsNotHeld() {
		Ticket call = this.admission.admit();
		this.admission.hold();
		call.share().close();
		call.requireValid();
		call.close();
		assertThat(this.admission.idle()).isTrue();
	}

	@Test
	void heldCallGoesOnByTheNewRules() throws Exception {
		Admission patient = new Admission(Duration.ofSeconds(30));
		patient.publish(Map.of("c", Phase.STOP_DUAL_WRITE), Map.of("c", 5L));
		patient.hold();
		ExecutorService executor = Executors.newSingleThreadExecutor();
		try {
			Future<Ticket> call = executor.submit(patient::admit);
			patient.publish(Map.of("c", Phase.CONTRACT), Map.of("c", 6L));
			patient.release();
			assertThat(call.get(30, TimeUnit.SECONDS).snapshot().phases()).containsEntry("c", Phase.CONTRACT);
		}
		finally {
			executor.shutdownNow();
		}
	}

	@Test
	void nothingIsAdmittedOnAnExpiredLease() {
		this.admission.renewLease(System.nanoTime() - Duration.ofSeconds(2).toNanos(), Duration.ofSeconds(1));
		assertThatExceptionOfType(AdmissionTimeoutException.class).isThrownBy(this.admission::admit)
			.withMessageContaining("lease");
		this.admission.renewLease(System.nanoTime(), Duration.ofSeconds(30));
		this.admission.admit().close();
	}

	@Test
	void openTicketIsInvalidWhileTheLeaseHasRunOutAndForeverIfThePhaseMovedMeanwhile() {
		publish(Phase.EXPAND, 1);
		Ticket ticket = this.admission.admit();
		this.admission.renewLease(System.nanoTime() - Duration.ofSeconds(2).toNanos(), Duration.ofSeconds(1));
		assertThatExceptionOfType(LeaseExpiredException.class).isThrownBy(ticket::requireValid);
		this.admission.renewLease(System.nanoTime(), Duration.ofSeconds(30));
		ticket.requireValid();
		this.admission.renewLease(System.nanoTime() - Duration.ofSeconds(2).toNanos(), Duration.ofSeconds(1));
		publish(Phase.DUAL_WRITE, 2);
		this.admission.renewLease(System.nanoTime(), Duration.ofSeconds(30));
		assertThatExceptionOfType(LeaseExpiredException.class).isThrownBy(ticket::requireValid);
		Ticket fresh = this.admission.admit();
		fresh.requireValid();
	}

	@Test
	void idleWhileHeldStaysIdleUnderConcurrentCalls() throws Exception {
		Admission busy = new Admission(Duration.ofSeconds(30));
		ExecutorService executor = Executors.newFixedThreadPool(4);
		AtomicBoolean stop = new AtomicBoolean();
		AtomicBoolean alone = new AtomicBoolean();
		AtomicBoolean violated = new AtomicBoolean();
		List<Future<?>> callers = new ArrayList<>();
		for (int i = 0; i < 4; i++) {
			callers.add(executor.submit(() -> {
				while (!stop.get()) {
					try (Ticket ticket = busy.admit()) {
						if (alone.get()) {
							violated.set(true);
						}
						ticket.requireValid();
					}
				}
			}));
		}
		for (int round = 0; round < 300; round++) {
			busy.hold();
			while (!busy.idle()) {
				Thread.onSpinWait();
			}
			alone.set(true);
			busy.publish(Map.of("c", Phase.EXPAND), Map.of("c", (long) round));
			Thread.onSpinWait();
			alone.set(false);
			busy.release();
		}
		stop.set(true);
		for (Future<?> caller : callers) {
			caller.get(30, TimeUnit.SECONDS);
		}
		executor.shutdown();
		assertThat(violated).isFalse();
	}

	private PhaseSnapshot publish(Phase phase, long version) {
		return this.admission.publish(Map.of("c", phase), Map.of("c", version));
	}

}
