package io.github.expandcontract.change;

import java.util.List;

import io.github.expandcontract.ExpandContractException;

/**
 * A change is declared with a name or an id that cannot be used.
 */
public class InvalidDeclarationException extends ExpandContractException {

	private static final String INDEX_EXAMPLE = "Write what stands behind the table's name in CREATE INDEX, without comments, "
			+ "parameters and queries, as in addIndex(\"orders\", \"orders_open_idx\", \"(customer_id) WHERE open\").";

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
		return new InvalidDeclarationException("The expression '" + role + "' of the change declared at '" + declaredAt
				+ "' cannot be used: '" + text + "'. " + reason, switch (role) {
					case "condition" -> "Write one SQL expression without comments, parameters and queries, as in "
							+ "addCheck(\"orders\", \"orders_total_check\", \"total >= 0\").";
					case "definition" -> INDEX_EXAMPLE;
					default -> "Write one SQL expression without comments, parameters and queries, that names columns "
							+ "by their plain names, as in up = \"price / 100.0\", and puts a text in single "
							+ "quotes, as in fill = \"'standard'\".";
				});
	}

	static InvalidDeclarationException notAnIndex(String declaredAt, String text) {
		return new InvalidDeclarationException(
				"'" + text + "', which the change declared at '" + declaredAt
						+ "' names as the definition of an index, begins neither with a bracket nor with USING.",
				INDEX_EXAMPLE);
	}

	static InvalidDeclarationException unnamed(String declaredAt) {
		return new InvalidDeclarationException("The change declared at '" + declaredAt + "' has an empty name.",
				"Name the table, what is added to it, and at least one column.");
	}

	static InvalidDeclarationException tooLong(String declaredAt, String name) {
		return new InvalidDeclarationException("The name '" + name + "' of the change declared at '" + declaredAt
				+ "' is longer than the 63 bytes that PostgreSQL keeps of a name.", "Choose a shorter name.");
	}

	static InvalidDeclarationException namedTwice(String declaredAt, List<String> columns) {
		return new InvalidDeclarationException(
				"The change declared at '" + declaredAt + "' names a column twice: " + String.join(", ", columns) + ".",
				"Name each column once.");
	}

	static InvalidDeclarationException unevenColumns(String declaredAt, List<String> columns, List<String> referenced) {
		return new InvalidDeclarationException(
				"The foreign key declared at '" + declaredAt + "' refers from " + columns.size() + " columns ("
						+ String.join(", ", columns) + ") to " + referenced.size() + " ("
						+ String.join(", ", referenced) + ").",
				"Name as many columns on both sides, in the same order.");
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
