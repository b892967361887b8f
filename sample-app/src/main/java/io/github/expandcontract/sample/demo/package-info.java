/**
 * The demo: a million users and their orders, three changes, two releases under traffic,
 * every phase forwards and some backwards, and a comparison of every row at the end.
 */
@NullMarked
package io.github.expandcontract.sample.demo;

import org.jspecify.annotations.NullMarked;
