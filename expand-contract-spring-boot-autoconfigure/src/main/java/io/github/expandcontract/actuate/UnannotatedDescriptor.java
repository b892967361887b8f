package io.github.expandcontract.actuate;

import java.time.Instant;

import io.github.expandcontract.jdbc.UnannotatedStatements;

/**
 * What the endpoint shows of a statement from outside of annotated repositories.
 *
 * @param sql its text, shortened
 * @param count how often it ran
 * @param lastSeen when it ran last
 */
public record UnannotatedDescriptor(String sql, long count, Instant lastSeen) {

	static UnannotatedDescriptor of(UnannotatedStatements.Entry entry) {
		return new UnannotatedDescriptor(entry.sql(), entry.count(), entry.lastSeen());
	}

}
