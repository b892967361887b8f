package io.github.expandcontract.coordination;

import java.time.Duration;

import io.github.expandcontract.SyncMode;

/**
 * How moves are made.
 *
 * @param sync what keeps the columns in step
 * @param cutoverTimeout how long calls are held at most for a cutover
 * @param lockTimeout how long the transaction of a cutover waits for a lock
 * @param rebuildViews whether views on a column that is dropped are built again
 */
public record CoordinationSettings(SyncMode sync, Duration cutoverTimeout, Duration lockTimeout, boolean rebuildViews) {

}
