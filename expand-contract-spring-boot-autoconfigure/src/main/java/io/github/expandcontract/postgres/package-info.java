/**
 * PostgreSQL as this project sees it: tokens and identifiers, the catalog, error codes,
 * and statements that never wait long for a lock.
 */
@NullMarked
package io.github.expandcontract.postgres;

import org.jspecify.annotations.NullMarked;
