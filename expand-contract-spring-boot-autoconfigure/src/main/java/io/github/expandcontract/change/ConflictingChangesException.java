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

	static ConflictingChangesException sameColumn(Change first, Change second, String column) {
		return new ConflictingChangesException(
				"Column \"" + column + "\" of table " + first.table() + " belongs to two changes: '" + first.id()
						+ "' declared at '" + first.declaredAt() + "' (" + first.describe() + ") and '" + second.id()
						+ "' declared at '" + second.declaredAt() + "' (" + second.describe() + ").",
				"Keep one of them, take it to contract and remove its declaration before the other one is declared.");
	}

	static ConflictingChangesException changingSource(AddColumn change, Change other, String column) {
		return new ConflictingChangesException(
				"The change '" + change.id() + "' declared at '" + change.declaredAt() + "' fills \"" + change.column()
						+ "\" from column \"" + column + "\" of table " + change.table() + ", which the change '"
						+ other.id() + "' declared at '" + other.declaredAt() + "' (" + other.describe()
						+ ") takes away or gives another name.",
				"Take one of them to contract and remove its declaration before the other one is declared.");
	}

	static ConflictingChangesException builtOn(TableChange addition, Change changer, String column) {
		return new ConflictingChangesException(
				"'" + addition.id() + "' declared at '" + addition.declaredAt() + "' (" + addition.describe()
						+ ") is built on column \"" + column + "\" of table " + changer.table() + ", which '"
						+ changer.id() + "' declared at '" + changer.declaredAt() + "' (" + changer.describe()
						+ ") changes.",
				"Take '" + changer.id() + "' to contract and remove its declaration before '" + addition.id()
						+ "' is declared.");
	}

	static ConflictingChangesException dropped(Change drop, Change other) {
		return new ConflictingChangesException(
				"What the change '" + drop.id() + "' declared at '" + drop.declaredAt() + "' drops (" + drop.describe()
						+ ") is what '" + other.id() + "' declared at '" + other.declaredAt() + "' changes ("
						+ other.describe() + ").",
				"Keep one of them, take it to contract and remove its declaration before the other one is declared.");
	}

}
