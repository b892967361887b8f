package io.github.expandcontract.postgres;

/**
 * Name of a table as the catalog spells it, always with its schema.
 *
 * @param schema the schema
 * @param name the table
 */
public record TableName(String schema, String name) {

	/**
	 * The name for use in SQL.
	 * @return schema and table, each quoted
	 */
	public String quoted() {
		return Identifiers.quote(this.schema) + "." + Identifiers.quote(this.name);
	}

	@Override
	public String toString() {
		return this.schema + "." + this.name;
	}

}
