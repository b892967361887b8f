/**
 * Steps on the schema per change and phase, what depends on a column, and the evidence
 * before contract.
 */
@NullMarked
package io.github.expandcontract.schema;

import org.jspecify.annotations.NullMarked;
