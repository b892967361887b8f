package io.github.expandcontract.schema;

/**
 * How to find rows that stand against a change.
 *
 * @param what what they are, for a sentence that begins with their number
 * @param remedy what to do about them
 * @param query an SQL query of one column of text that describes one such row, or one
 * such group of rows, per line; without a limit
 */
record BadRows(String what, String remedy, String query) {

}
