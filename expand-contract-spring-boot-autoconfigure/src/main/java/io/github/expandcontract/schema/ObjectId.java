package io.github.expandcontract.schema;

/**
 * An object of the database, as {@code pg_depend} names it.
 *
 * @param catalog the catalog that holds it, such as {@code pg_constraint}
 * @param oid its object id there
 */
record ObjectId(String catalog, long oid) {

	static final String CLASS = "pg_class";

	static final String CONSTRAINT = "pg_constraint";

	static final String STATISTICS = "pg_statistic_ext";

	static final String PUBLICATION_TABLE = "pg_publication_rel";

	static final String RULE = "pg_rewrite";

}
