package io.github.expandcontract.change;

import io.github.expandcontract.ExpandContractException;

/**
 * Two changes cannot both be declared.
 */
public class ConflictingChangesException extends ExpandContractException {

	ConflictingChangesException(String description, String action) {
		super(description, action);
	}

	static ConflictingChangesException sameId(Change first, Change second) {
		return new ConflictingChangesException(
				"The id '" + first.id() + "' is declared twice: at '" + first.declaredAt() + "' (" + first.describe()
						+ ") and at '" + second.declaredAt() + "' (" + second.describe() + ").",
				"Give one of them another id: id = … in the annotation, or withId(…) on a bean.");
	}

	static ConflictingChangesException sameColumn(ColumnChange first, ColumnChange second, String column) {
		return new ConflictingChangesException(
				"Column \"" + column + "\" of table " + first.table() + " belongs to two changes: '" + first.id()
						+ "' declared at '" + first.declaredAt() + "' (" + first.describe() + ") and '" + second.id()
						+ "' declared at '" + second.declaredAt() + "' (" + second.describe() + ").",
				"Keep one of them, take it to contract and remove its declaration before the other one is declared.");
	}

	static ConflictingChangesException dropped(Change drop, Change other) {
		return new ConflictingChangesException(
				"What the change '" + drop.id() + "' declared at '" + drop.declaredAt() + "' drops (" + drop.describe()
						+ ") is what '" + other.id() + "' declared at '" + other.declaredAt() + "' changes ("
						+ other.describe() + ").",
				"Keep one of them, take it to contract and remove its declaration before the other one is declared.");
	}

}
