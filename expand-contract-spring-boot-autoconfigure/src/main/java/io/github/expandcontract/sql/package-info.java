/**
 * Rewriting of statements: text and rules in, text and parameter map out. Knows nothing
 * of JDBC.
 */
@NullMarked
package io.github.expandcontract.sql;

import org.jspecify.annotations.NullMarked;
