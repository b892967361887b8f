package io.github.expandcontract;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Declares that the annotated property's column takes the place of one of another type,
 * under another name or under the same. Stands on a field or a record component, also of
 * an embedded type or a mapped superclass.
 *
 * <p>
 * Both expressions are SQL over one column. They must be immutable in the sense of
 * PostgreSQL's manual, chapter 38.7, and give NULL back for NULL when one is applied
 * after the other. Prices that were cents, for example:
 *
 * <pre>
 * &#64;TypeChangedFrom(value = "price", type = "numeric(10,2)",
 *         up = "price / 100.0", down = "round(price_decimal * 100)::int")
 * BigDecimal priceDecimal;
 * </pre>
 *
 * <p>
 * Where the code says {@code price} before and after, the property is mapped to that
 * column and both expressions name it. The new column then has a name of its own only
 * until the end:
 *
 * <pre>
 * &#64;TypeChangedFrom(value = "price", type = "numeric(10,2)",
 *         up = "price / 100.0", down = "round(price * 100)::int")
 * BigDecimal price;
 * </pre>
 *
 * <p>
 * The table and the new column come from Spring Data JDBC's mapping of the entity, else
 * from its JPA mapping, else from {@link #table()} and {@link #column()}.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.FIELD)
public @interface TypeChangedFrom {

	/**
	 * Name of the old column, as the catalog spells it. Within an embedded type the
	 * prefix of the embedding applies to it as it does to the new column.
	 * @return the old column's name
	 */
	String value();

	/**
	 * Type of the new column.
	 * @return a type as SQL would name it, such as {@code numeric(10,2)}
	 */
	String type();

	/**
	 * The new column's value from the old one's.
	 * @return an SQL expression that names the old column
	 */
	String up();

	/**
	 * The old column's value from the new one's.
	 * @return an SQL expression that names the new column, of the old column's type
	 */
	String down();

	/**
	 * Whether {@link #down()} gives back whatever value the new column can hold when
	 * {@link #up()} is applied after it. Then conditions on the new column are asked of
	 * the old one, whose indexes serve, while both are there.
	 * @return whether nothing is lost on the way through the old column
	 */
	boolean lossless() default false;

	/**
	 * Id of the change, by which {@code expand-contract.changes} names it.
	 * @return the id; by default table and new column joined by a hyphen, underscores as
	 * hyphens ({@code products-price-decimal})
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
