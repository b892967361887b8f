package io.github.expandcontract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that the annotated property's column is new and may never be NULL. Stands on a
 * field or a record component, also of an embedded type or a mapped superclass.
 *
 * <p>
 * The rows that are there before get {@link #fill()}, and so do those whose writer does
 * not know the column, unless there is a {@link #defaultValue()} for them:
 *
 * <pre>
 * &#64;RequiredColumn(type = "text", fill = "'standard'")
 * String shippingMethod;
 *
 * &#64;RequiredColumn(type = "numeric(10,2)", fill = "price * quantity")
 * BigDecimal total;
 * </pre>
 *
 * <p>
 * A constant is there in every row from the moment that the column is, without a backfill
 * (PostgreSQL's manual, "Modifying Tables"). What follows from other columns is filled in
 * batches.
 *
 * <p>
 * Table and column come from Spring Data JDBC's mapping of the entity, else from its JPA
 * mapping, else from {@link #table()} and {@link #column()}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface RequiredColumn {

	/**
	 * Type of the column.
	 * @return a type as SQL would name it, such as {@code numeric(10,2)}
	 */
	String type();

	/**
	 * The column's value in the rows that are there before: a constant, or an expression
	 * over other columns of the row, which must be immutable in the sense of PostgreSQL's
	 * manual, chapter 38.7, and name each by its plain name. It must not give NULL.
	 * @return an SQL expression, in which a text stands in single quotes
	 */
	String fill();

	/**
	 * What a row gets whose writer does not name the column. It stays the column's
	 * default after the change, and may be volatile, such as {@code gen_random_uuid()}.
	 * @return an SQL expression without columns; by default {@link #fill()}, as the
	 * column's default if it is a constant, else until the end of the change, after which
	 * every writer has to name the column
	 */
	String defaultValue() default "";

	/**
	 * Id of the change, by which {@code expand-contract.changes} names it.
	 * @return the id; by default table and column joined by a hyphen, underscores as
	 * hyphens ({@code orders-shipping-method})
	 */
	String id() default "";

	/**
	 * Table of the entity, optionally qualified with a schema, for entities that are
	 * mapped by neither Spring Data JDBC nor JPA.
	 * @return the table's name, empty to take it from the mapping
	 */
	String table() default "";

	/**
	 * The column, for entities that are mapped by neither Spring Data JDBC nor JPA.
	 * @return the column's name, empty to take it from the mapping
	 */
	String column() default "";

}
