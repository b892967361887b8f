package io.github.expandcontract.postgres;

import java.util.List;

/**
 * Is told of what stands in the way of our DDL. Called by the thread that waits or looks,
 * so it must not block.
 */
@FunctionalInterface
public interface LockListener {

	/**
	 * Listens to nothing.
	 */
	LockListener NONE = (step, gaveUp, blockers) -> {
	};

	/**
	 * An attempt did not get its locks, or a build that may wait does so.
	 * @param step what was to be done
	 * @param gaveUp whether the attempt has ended, to be made again; else it still waits
	 * @param blockers the sessions that stood before it, as far as they could be seen
	 */
	void blocked(String step, boolean gaveUp, List<BlockingSession> blockers);

}
