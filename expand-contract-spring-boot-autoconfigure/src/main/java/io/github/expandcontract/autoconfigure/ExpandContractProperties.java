package io.github.expandcontract.autoconfigure;

import java.time.Duration;
import java.util.Map;

import org.jspecify.annotations.Nullable;

import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

import io.github.expandcontract.Phase;
import io.github.expandcontract.RenameStrategy;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.UnannotatedAccess;

/**
 * Properties of expand-contract.
 *
 * @param enabled Whether changes are discovered and carried out.
 * @param sync What keeps the old and the new structure in step while both exist.
 * @param unannotatedAccess What happens to a statement that names a migrating column and
 * does not come from an annotated repository.
 * @param dataSource Name of the data source bean whose database changes. By default the
 * only or the primary one.
 * @param changes Changes by their id. One that is not listed has the phase expand, or
 * stays in contract once it is there.
 * @param leaseDuration Time after which an instance that was not heard of no longer
 * counts, and runs no statement on a migrating table before it has read the phase again.
 * @param heartbeatInterval Time between two renewals of the lease, and so the time after
 * which a move of the phase is noticed.
 * @param admissionTimeout Time that a call waits to be admitted, while calls are held or
 * the lease has run out, before it fails.
 * @param cutoverTimeout Time that calls are held at most for a held cutover before it
 * lets go and tries again later.
 * @param rebuildViews Whether views that use a column which contract drops are dropped
 * and built again over the new column, in the same transaction. Else they keep the change
 * from entering contract.
 * @param lock How statements of DDL wait for locks.
 * @param backfill How rows that were there before are filled in.
 */
@ConfigurationProperties("expand-contract")
public record ExpandContractProperties(@DefaultValue("true") boolean enabled, @DefaultValue("both") SyncMode sync,
		@DefaultValue("warn") UnannotatedAccess unannotatedAccess, @Nullable String dataSource,
		@DefaultValue Map<String, Change> changes, @DefaultValue("10s") Duration leaseDuration,
		@DefaultValue("500ms") Duration heartbeatInterval, @DefaultValue("5s") Duration admissionTimeout,
		@DefaultValue("2s") Duration cutoverTimeout, @DefaultValue("false") boolean rebuildViews,
		@DefaultValue Lock lock, @DefaultValue Backfill backfill) {

	/**
	 * Creates properties.
	 * @throws InvalidPropertyException if a value makes no sense
	 */
	public ExpandContractProperties {
		changes = Map.copyOf(changes);
		PropertyCheck.atLeast("lease-duration", leaseDuration, Duration.ofSeconds(1));
		PropertyCheck.atLeast("heartbeat-interval", heartbeatInterval, Duration.ofMillis(50));
		PropertyCheck.atLeast("admission-timeout", admissionTimeout, Duration.ofMillis(1));
		PropertyCheck.atLeast("cutover-timeout", cutoverTimeout, Duration.ofMillis(1));
		if (heartbeatInterval.multipliedBy(3).compareTo(leaseDuration) > 0) {
			throw new InvalidPropertyException("heartbeat-interval", heartbeatInterval,
					"at most a third of expand-contract.lease-duration (" + leaseDuration
							+ "), so that a lost heartbeat does not cost the lease");
		}
		if (cutoverTimeout.compareTo(admissionTimeout) >= 0) {
			throw new InvalidPropertyException("cutover-timeout", cutoverTimeout,
					"shorter than expand-contract.admission-timeout (" + admissionTimeout
							+ "), so that no call fails because a cutover holds it");
		}
	}

	/**
	 * One change.
	 *
	 * @param phase Phase that this instance asks for. By default expand, or contract once
	 * the change is there.
	 * @param strategy How a column is given another name. By default by a copy.
	 */
	public record Change(@Nullable Phase phase, @Nullable RenameStrategy strategy) {

		/**
		 * These properties where they are given, else others.
		 */
		Change above(Change other) {
			return new Change((this.phase != null) ? this.phase : other.phase,
					(this.strategy != null) ? this.strategy : other.strategy);
		}

	}

	/**
	 * How statements of DDL wait for locks.
	 *
	 * @param timeout Time that a statement waits for a lock at most. Statements of the
	 * application that come after it wait as long.
	 * @param attempts Number of times that a statement is tried before the step is given
	 * up until the next round.
	 */
	public record Lock(@DefaultValue("500ms") Duration timeout, @DefaultValue("20") int attempts) {

		/**
		 * Creates properties.
		 * @throws InvalidPropertyException if a value makes no sense
		 */
		public Lock {
			PropertyCheck.atLeast("lock.timeout", timeout, Duration.ofMillis(1));
			if (timeout.compareTo(Duration.ofSeconds(30)) > 0) {
				throw new InvalidPropertyException("lock.timeout", timeout,
						"at most PT30S, because the application's statements queue behind it for as long");
			}
			PropertyCheck.atLeast("lock.attempts", attempts, 1);
		}

	}

	/**
	 * How rows that were there before are filled in.
	 *
	 * @param enabled Whether this instance takes part in backfills.
	 * @param batchSize Number of rows of the first batch.
	 * @param maxBatchSize Number of rows that a batch grows to at most.
	 * @param targetBatchTime Time that a batch should take. Batches grow and shrink to
	 * meet it.
	 * @param workers Number of ranges that this instance works on at once.
	 * @param vacuum Whether the table is vacuumed while it is filled in, so that later
	 * batches use the space of earlier ones.
	 */
	public record Backfill(@DefaultValue("true") boolean enabled, @DefaultValue("1000") int batchSize,
			@DefaultValue("10000") int maxBatchSize, @DefaultValue("50ms") Duration targetBatchTime,
			@DefaultValue("2") int workers, @DefaultValue("true") boolean vacuum) {

		/**
		 * Creates properties.
		 * @throws InvalidPropertyException if a value makes no sense
		 */
		public Backfill {
			PropertyCheck.atLeast("backfill.batch-size", batchSize, 1);
			PropertyCheck.atLeast("backfill.workers", workers, 1);
			PropertyCheck.atLeast("backfill.target-batch-time", targetBatchTime, Duration.ofMillis(1));
			if (maxBatchSize < batchSize) {
				throw new InvalidPropertyException("backfill.max-batch-size", maxBatchSize,
						"at least expand-contract.backfill.batch-size (" + batchSize + ")");
			}
		}

	}

}
