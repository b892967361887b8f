/**
 * A small REST service on the table {@code users}, whose column {@code username} becomes
 * {@code handle}.
 */
@NullMarked
package io.github.expandcontract.sample;

import org.jspecify.annotations.NullMarked;
