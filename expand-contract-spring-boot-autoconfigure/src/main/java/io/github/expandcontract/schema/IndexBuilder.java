package io.github.expandcontract.schema;

import java.util.List;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import org.springframework.dao.DataAccessException;

import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockUnavailableException;
import io.github.expandcontract.postgres.SqlStates;

/**
 * Builds an index concurrently, whatever an interrupted build or another instance has
 * left. One counts when it is valid and its definition is what it should be; else it is
 * dropped, concurrently, and built again. On a partitioned table the parent's is declared
 * first, each partition's is built concurrently and attached to it.
 */
final class IndexBuilder {

	private static final Log logger = LogFactory.getLog(IndexBuilder.class);

	private static final int ATTEMPTS = 5;

	private final Ddl ddl;

	IndexBuilder(Ddl ddl) {
		this.ddl = ddl;
	}

	/**
	 * Builds what is missing.
	 * @return whether anything was
	 */
	boolean build(IndexCopy copy) {
		boolean missing = false;
		for (int attempt = 1; !copy.isBuilt(this.ddl.jdbc()); attempt++) {
			missing = true;
			boolean dropping = true;
			try {
				dropLeftover(copy);
				dropping = false;
				run(copy.step());
			}
			catch (LockUnavailableException ex) {
				if (attempt >= ATTEMPTS) {
					throw ex;
				}
			}
			catch (DataAccessException ex) {
				if (attempt >= ATTEMPTS || !isOfAnother(ex, copy, dropping)) {
					throw ex;
				}
				logger.info("Another instance is at work on " + copy.name() + ", so it is looked at again: "
						+ ex.getMostSpecificCause().getMessage());
			}
		}
		attach(copy);
		return missing;
	}

	/*
	 * A build lets go of the table before it commits that its index is valid. So a drop
	 * that has waited for the table may change the same row of the catalog.
	 */
	private static boolean isOfAnother(DataAccessException failure, IndexCopy copy, boolean dropping) {
		if (SqlStates.is(failure, SqlStates.UNIQUE_VIOLATION)) {
			return !copy.unique();
		}
		return SqlStates.is(failure, SqlStates.DUPLICATE_TABLE, SqlStates.UNDEFINED_OBJECT)
				|| (dropping && SqlStates.is(failure, SqlStates.INTERNAL_ERROR));
	}

	private void attach(IndexCopy copy) {
		copy.attachStep().ifPresent((step) -> {
			Boolean attached = this.ddl.jdbc().queryForObject("""
					SELECT EXISTS (SELECT FROM pg_catalog.pg_inherits
					  WHERE inhrelid = pg_catalog.to_regclass(?))
					""", Boolean.class, copy.quoted());
			if (!Boolean.TRUE.equals(attached)) {
				run(step);
			}
		});
	}

	/*
	 * An index of ours that is being built by another instance is not valid either. Its
	 * build holds a lock on the table that the drop waits for, and the build that comes
	 * after finds the name taken or free; both end in looking again.
	 */
	private void dropLeftover(IndexCopy copy) {
		if (!copy.nameIsTaken(this.ddl.jdbc())) {
			return;
		}
		Boolean underWay = this.ddl.jdbc().queryForObject("""
				SELECT EXISTS (SELECT FROM pg_catalog.pg_locks l
				  JOIN pg_catalog.pg_stat_progress_create_index p ON p.pid = l.pid
				  WHERE l.relation = pg_catalog.to_regclass(?) AND l.granted AND l.mode = 'ShareUpdateExclusiveLock')
				""", Boolean.class, copy.table().quoted());
		if (Boolean.TRUE.equals(underWay)) {
			// Waits in a statement that blocks nobody until the other build has ended
			this.ddl.inTransaction("wait for the build of " + copy.name(), (jdbc) -> {
				jdbc.execute("LOCK TABLE ONLY " + copy.table().quoted() + " IN SHARE UPDATE EXCLUSIVE MODE");
				return copy;
			});
			if (copy.isBuilt(this.ddl.jdbc())) {
				return;
			}
		}
		drop(copy);
	}

	/**
	 * Drops an index if it is there.
	 */
	void drop(IndexCopy copy) {
		if (copy.partitioned()) {
			run(Step.inTransaction("drop what is left of " + copy.name(), LockLevel.ACCESS_EXCLUSIVE,
					"DROP INDEX IF EXISTS " + copy.quoted()));
		}
		else {
			run(Step.alone("drop what is left of " + copy.name(), LockLevel.SHARE_UPDATE_EXCLUSIVE,
					"DROP INDEX CONCURRENTLY IF EXISTS " + copy.quoted()));
		}
	}

	void run(List<Step> steps) {
		steps.forEach(this::run);
	}

	private void run(Step step) {
		if (step.transactional()) {
			this.ddl.inTransaction(step.purpose(), (jdbc) -> {
				jdbc.execute(step.sql());
				return step;
			});
		}
		else {
			this.ddl.concurrently(step.purpose(), step.sql());
		}
	}

}
