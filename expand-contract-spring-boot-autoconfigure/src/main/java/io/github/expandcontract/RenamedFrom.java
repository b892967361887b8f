package io.github.expandcontract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that the column of the annotated property had another name before. Stands on a
 * field or a record component, also of an embedded type or a mapped superclass.
 *
 * <p>
 * The table and the new column come from Spring Data JDBC's mapping of the entity, else
 * from its JPA mapping, else from {@link #table()} and {@link #column()}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface RenamedFrom {

	/**
	 * Name of the old column, as the catalog spells it. Within an embedded type the
	 * prefix of the embedding applies to it as it does to the new column.
	 * @return the old column's name
	 */
	String value();

	/**
	 * Id of the change, by which {@code expand-contract.changes} names it.
	 * @return the id; by default table and new column joined by a hyphen, underscores as
	 * hyphens ({@code users-handle})
	 */
	String id() default "";

	/**
	 * Table of the entity, optionally qualified with a schema, for entities that are
	 * mapped by neither Spring Data JDBC nor JPA.
	 * @return the table's name, empty to take it from the mapping
	 */
	String table() default "";

	/**
	 * New column, for entities that are mapped by neither Spring Data JDBC nor JPA.
	 * @return the new column's name, empty to take it from the mapping
	 */
	String column() default "";

}
