package io.github.expandcontract.backfill;

/**
 * A statement that goes over the rows, as a plan shows it.
 *
 * @param purpose what it is for
 * @param sql its text, with {@code ?} for what differs from one run to the next
 * @param repeated how often it runs
 */
public record RowStatement(String purpose, String sql, String repeated) {

}
