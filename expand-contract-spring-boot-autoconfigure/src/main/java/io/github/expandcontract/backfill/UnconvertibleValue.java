package io.github.expandcontract.backfill;

/**
 * A value that an expression of the change raises an error for, or gives no value for.
 *
 * @param row the row's primary key, after the name of the table; without one the
 * {@code ctid}
 * @param value the value as text
 * @param sqlState the error's SQLSTATE
 * @param message the server's words
 */
public record UnconvertibleValue(String row, String value, String sqlState, String message) {

}
