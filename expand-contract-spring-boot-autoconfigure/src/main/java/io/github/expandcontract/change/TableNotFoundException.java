package io.github.expandcontract.change;

import java.util.List;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.postgres.TableName;

/**
 * A change is declared on a table that the catalog does not have.
 */
public class TableNotFoundException extends ExpandContractException {

	TableNotFoundException(ChangeDeclaration declaration, List<TableName> nearest) {
		super("The table " + name(declaration) + " of the change '" + declaration.id() + "' declared at '"
				+ declaration.declaredAt() + "' does not exist"
				+ ((declaration.schema() == null) ? " in any schema of the search path." : "."), action(nearest));
	}

	private TableNotFoundException(String description, String action) {
		super(description, action);
	}

	static TableNotFoundException referenced(AddForeignKeyDeclaration declaration,
			AddForeignKeyDeclaration.Target target, List<TableName> nearest) {
		String schema = target.schema();
		return new TableNotFoundException("The table \"" + ((schema != null) ? schema + "\".\"" : "") + target.table()
				+ "\" that the change '" + declaration.id() + "' declared at '" + declaration.declaredAt()
				+ "' refers to does not exist" + ((schema == null) ? " in any schema of the search path." : "."),
				action(nearest));
	}

	private static String name(ChangeDeclaration declaration) {
		String table = "\"" + declaration.table() + "\"";
		return (declaration.schema() != null) ? "\"" + declaration.schema() + "\"." + table : table;
	}

	private static String action(List<TableName> nearest) {
		String action = "Correct the table's name in the mapping or the declaration, name its schema, or let a migration "
				+ "create it before this application starts.";
		return nearest.isEmpty() ? action : action + " The nearest tables are "
				+ String.join(", ", nearest.stream().map((table) -> "'" + table + "'").toList()) + ".";
	}

}
