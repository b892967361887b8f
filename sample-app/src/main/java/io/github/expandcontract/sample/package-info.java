/**
 * A small REST service on two tables. In {@code users} the column {@code username}
 * becomes {@code handle}; in {@code orders} the price in cents becomes a decimal, and
 * every row gets a shipping method.
 */
@NullMarked
package io.github.expandcontract.sample;

import org.jspecify.annotations.NullMarked;
