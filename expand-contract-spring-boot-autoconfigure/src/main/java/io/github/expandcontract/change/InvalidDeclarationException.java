package io.github.expandcontract.change;

import io.github.expandcontract.ExpandContractException;

/**
 * A change is declared with a name or an id that cannot be used.
 */
public class InvalidDeclarationException extends ExpandContractException {

	InvalidDeclarationException(String description, String action) {
		super(description, action);
	}

	static InvalidDeclarationException emptyName(String declaredAt) {
		return new InvalidDeclarationException("The change declared at '" + declaredAt + "' has an empty name.",
				"Name the table, the old column and the new column.");
	}

	static InvalidDeclarationException sameColumn(String declaredAt, String column) {
		return new InvalidDeclarationException(
				"The change declared at '" + declaredAt + "' renames column \"" + column + "\" to itself.",
				"Let the property be mapped to the new column and @RenamedFrom name the old one; "
						+ "remove the declaration if the rename is over.");
	}

	static InvalidDeclarationException unusableId(String declaredAt, String id) {
		return new InvalidDeclarationException(
				"The id '" + id + "' of the change declared at '" + declaredAt + "' cannot be used.",
				"Give it an id of lower case letters, digits and single hyphens, such as 'users-handle', of at most "
						+ ChangeIds.MAX_LENGTH + " characters.");
	}

	static InvalidDeclarationException notAName(String text) {
		return new InvalidDeclarationException("'" + text + "' is not the name of a table.",
				"Write it as SQL would name it: a table or schema.table, each part in double quotes if it has capitals, "
						+ "dots or blanks.");
	}

}
