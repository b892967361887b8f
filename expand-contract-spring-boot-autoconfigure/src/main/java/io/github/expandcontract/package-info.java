/**
 * What users write: the annotations, the phases and the exceptions that they may meet.
 */
@NullMarked
package io.github.expandcontract;

import org.jspecify.annotations.NullMarked;
