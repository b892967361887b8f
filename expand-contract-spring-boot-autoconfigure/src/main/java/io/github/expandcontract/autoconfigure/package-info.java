/**
 * Spring Boot's wiring: properties, failure analyzers, and the hook that runs after
 * Flyway.
 */
@NullMarked
package io.github.expandcontract.autoconfigure;

import org.jspecify.annotations.NullMarked;
