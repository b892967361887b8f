/**
 * The data source whose connections rewrite statements within a call of an annotated
 * repository.
 */
@NullMarked
package io.github.expandcontract.jdbc;

import org.jspecify.annotations.NullMarked;
