package io.github.expandcontract.change;

import io.github.expandcontract.postgres.TableName;

/**
 * A table gets an index.
 *
 * @param id the id of the change
 * @param table the table
 * @param name the index
 * @param unique whether no two rows may have the same key
 * @param definition what stands behind the table's name in {@code CREATE INDEX}
 * @param declaredAt where the change was declared
 */
public record AddIndex(String id, TableName table, String name, boolean unique, String definition,
		String declaredAt) implements TableChange {

	@Override
	public boolean names(String column) {
		return WrittenSql.names(this.definition, column);
	}

	@Override
	public AddIndex movedTo(String declaration) {
		return new AddIndex(this.id, this.table, this.name, this.unique, this.definition, declaration);
	}

	@Override
	public <T> T accept(TableChangeVisitor<T> visitor) {
		return visitor.addIndex(this);
	}

	@Override
	public String describe() {
		return "add " + (this.unique ? "unique " : "") + "index " + this.name + " on " + this.table + " "
				+ this.definition;
	}

}
