package io.github.expandcontract.backfill;

/**
 * An error that keeps a range from being finished.
 *
 * @param range the range, or the row once it has been isolated
 * @param sqlState PostgreSQL's code, empty if the server did not answer
 * @param message PostgreSQL's words
 */
public record BackfillError(String range, String sqlState, String message) {

}
