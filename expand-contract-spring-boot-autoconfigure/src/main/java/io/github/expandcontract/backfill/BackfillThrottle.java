package io.github.expandcontract.backfill;

import java.util.Optional;

import io.github.expandcontract.postgres.TableName;

/**
 * Decides before each batch whether the database has room for it. It fails closed: a
 * signal that cannot be read holds the backfill.
 */
@FunctionalInterface
public interface BackfillThrottle {

	/**
	 * Looks at the signals.
	 * @param table the table that is filled
	 * @return why the next batch has to wait, empty if it may run
	 */
	Optional<String> hold(TableName table);

}
