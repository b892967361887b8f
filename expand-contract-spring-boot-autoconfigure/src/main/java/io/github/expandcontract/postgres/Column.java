package io.github.expandcontract.postgres;

import org.jspecify.annotations.Nullable;

/**
 * A column as the catalog describes it.
 *
 * @param name the name
 * @param position {@code attnum}
 * @param type the type as {@code format_type} spells it, with its modifier
 * @param notNull whether NULL is forbidden
 * @param defaultExpression the default as {@code pg_get_expr} spells it, if any
 * @param defaultVolatile whether that default contains a volatile function
 * @param generated whether the column is generated from others
 * @param identity whether the column is an identity column
 * @param collation the collation if it is not the type's own, quoted and qualified
 */
public record Column(String name, int position, String type, boolean notNull, @Nullable String defaultExpression,
		boolean defaultVolatile, boolean generated, boolean identity, @Nullable String collation) {

}
