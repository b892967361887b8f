package io.github.expandcontract.actuate;

import java.time.Instant;

import io.github.expandcontract.jdbc.UnannotatedStatements;

/**
 * What the endpoint shows of a statement from outside of annotated repositories.
 *
 * @param sql its text, shortened, with {@code ?} in place of each value
 * @param count how often it was prepared, or run without being prepared
 * @param lastSeen when that was last
 */
public record UnannotatedDescriptor(String sql, long count, Instant lastSeen) {

	static UnannotatedDescriptor of(UnannotatedStatements.Entry entry) {
		return new UnannotatedDescriptor(entry.sql(), entry.count(), entry.lastSeen());
	}

}
