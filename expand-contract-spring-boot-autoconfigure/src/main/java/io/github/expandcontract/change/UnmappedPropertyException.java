package io.github.expandcontract.change;

import java.lang.reflect.Field;

import io.github.expandcontract.ExpandContractException;

/**
 * An annotation that declares a change stands on a property of which no column is known.
 */
public class UnmappedPropertyException extends ExpandContractException {

	UnmappedPropertyException(String description, String action) {
		super(description, action);
	}

	static UnmappedPropertyException transientProperty(Field field) {
		return new UnmappedPropertyException(
				Declared.name(field) + " stands on '" + name(field)
						+ "', which is transient or static and has no column.",
				"Move the annotation to a persistent property, or remove it.");
	}

	static UnmappedPropertyException withoutColumn(Field field) {
		return new UnmappedPropertyException(
				Declared.name(field) + " stands on '" + name(field)
						+ "', which its mapping does not put into one column.",
				"Move the annotation to a property that has exactly one column in the entity's table, or declare the "
						+ "change as a bean of type ChangeDeclaration.");
	}

	static UnmappedPropertyException mappedNowhere(Field field) {
		return new UnmappedPropertyException(
				Declared.name(field) + " stands on '" + name(field)
						+ "', but no entity of Spring Data JDBC or JPA has this property, and the annotation names no "
						+ "table and column.",
				"Annotate the entity with @Table or @Entity and let its package be scanned (@EntityScan), or name both: "
						+ Declared.name(field) + "(…, table = …, column = …).");
	}

	private static String name(Field field) {
		return field.getDeclaringClass().getName() + "." + field.getName();
	}

}
