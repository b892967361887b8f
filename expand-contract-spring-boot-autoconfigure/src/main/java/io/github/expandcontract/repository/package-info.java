/**
 * The aspect around annotated repositories, which opens the scope in which statements are
 * rewritten.
 */
@NullMarked
package io.github.expandcontract.repository;

import org.jspecify.annotations.NullMarked;
