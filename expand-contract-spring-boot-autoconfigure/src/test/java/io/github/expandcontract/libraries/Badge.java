package io.github.expandcontract.libraries;

/**
 * A row of a join with a table that owns a column of the same name.
 *
 * @param holder {@code account.handle}
 * @param handle {@code badge.handle}
 */
public record Badge(String holder, String handle) {

}
