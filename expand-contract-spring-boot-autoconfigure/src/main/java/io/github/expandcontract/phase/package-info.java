/**
 * The state machine: cluster phase, instances and their leases, and the snapshot that the
 * hot path reads.
 */
@NullMarked
package io.github.expandcontract.phase;

import org.jspecify.annotations.NullMarked;
