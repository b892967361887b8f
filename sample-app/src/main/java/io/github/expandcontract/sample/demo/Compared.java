package io.github.expandcontract.sample.demo;

import java.util.List;
import java.util.Set;

/**
 * What the comparison of a table with the ledger found.
 *
 * @param table the table
 * @param columns the columns of the change that were there
 * @param rows how many rows were compared
 * @param mismatches how many differ
 * @param differences the first rows that differ, a sentence for each
 */
record Compared(String table, Set<String> columns, long rows, long mismatches, List<String> differences) {

}
