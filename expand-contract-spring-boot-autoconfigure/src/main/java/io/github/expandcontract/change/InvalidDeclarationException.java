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
				"The change declared at '" + declaredAt + "' takes column \"" + column + "\" to itself.",
				"Let the property be mapped to the new column and its annotation name the old one; "
						+ "remove the declaration if the change is over.");
	}

	static InvalidDeclarationException notReshaped(String declaredAt) {
		return new InvalidDeclarationException(
				"The change declared at '" + declaredAt + "' does not split or merge anything.",
				"Name at least one column with from(…) and one with into(…), and more than one on one side; a column "
						+ "that takes the place of another one is declared by renameColumn(…) or changeType(…).");
	}

	static InvalidDeclarationException columnTwice(String declaredAt, String column) {
		return new InvalidDeclarationException(
				"The change declared at '" + declaredAt + "' names column \"" + column + "\" twice.",
				"Give each column that stays a name that no other column has; one that keeps its name can be renamed "
						+ "before or after.");
	}

	static InvalidDeclarationException unnamedColumn(String declaredAt, String role, String column) {
		return new InvalidDeclarationException(
				"No expression '" + role + "' of the change declared at '" + declaredAt + "' names column \"" + column
						+ "\", so that what it holds would be lost.",
				"Name the column in one of them, or leave it out of the change.");
	}

	static InvalidDeclarationException conversion(String declaredAt, String role, String text, String reason) {
		return new InvalidDeclarationException(
				"The expression '" + role + "' of the change declared at '" + declaredAt + "' cannot be used: '" + text
						+ "'. " + reason,
				"Write one SQL expression without comments, parameters and queries, that names columns by their plain "
						+ "names, as in up = \"price / 100.0\", and puts a text in single quotes, as in "
						+ "fill = \"'standard'\".");
	}

	static InvalidDeclarationException notAType(String declaredAt, String text) {
		return new InvalidDeclarationException(
				"'" + text + "', which the change declared at '" + declaredAt + "' names as a type, is none.",
				"Write the type as SQL names it, as in type = \"numeric(10,2)\".");
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
