package io.github.expandcontract.schema;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.ShortName;

/**
 * An empty table in our schema that is like the changing one, on which the server is
 * asked what a definition becomes. It lives in a {@link Scratch} and is never seen.
 */
final class CloneTable {

	private final JdbcOperations jdbc;

	private final ColumnChange change;

	private final String name;

	CloneTable(JdbcOperations jdbc, ColumnChange change) {
		this.jdbc = jdbc;
		this.change = change;
		this.name = OwnSchema.NAME + "."
				+ Identifiers.quote("clone_" + ShortName.hash(change.table().quoted() + change.id()));
		jdbc.execute("CREATE TABLE " + this.name + " (LIKE " + change.table().quoted() + " INCLUDING CONSTRAINTS)");
	}

	String name() {
		return this.name;
	}

	/**
	 * Gives old the name that {@link Substitution} looks for, so that definitions have
	 * it.
	 */
	void markOld() {
		this.jdbc.execute(
				"ALTER TABLE " + this.name + " DROP COLUMN IF EXISTS " + Identifiers.quote(this.change.newColumn()));
		this.jdbc.execute("ALTER TABLE " + this.name + " RENAME COLUMN " + Identifiers.quote(this.change.oldColumn())
				+ " TO " + Substitution.OLD);
	}

	/**
	 * Adds new as it will be.
	 */
	void addNew() {
		String type = this.change.fold(
				(rename) -> ColumnSteps.type(ColumnSteps.column(this.jdbc, rename, rename.oldColumn())),
				ChangeType::type);
		this.jdbc.execute(
				"ALTER TABLE " + this.name + " ADD COLUMN " + Identifiers.quote(this.change.newColumn()) + " " + type);
	}

}
