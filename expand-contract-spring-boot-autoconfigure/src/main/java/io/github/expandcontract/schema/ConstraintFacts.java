package io.github.expandcontract.schema;

import java.util.Objects;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.postgres.TableName;

/**
 * A constraint as the catalog describes it.
 *
 * @param definition the definition, without whether it is validated
 * @param validated whether the rows that were there before have been looked at
 * @param comment its comment, if any
 */
record ConstraintFacts(String definition, boolean validated, @Nullable String comment) {

	private static final String NOT_VALID = " NOT VALID";

	static Optional<ConstraintFacts> read(JdbcOperations jdbc, TableName table, String name) {
		return jdbc.query("""
				SELECT pg_catalog.pg_get_constraintdef(oid), convalidated,
				  pg_catalog.obj_description(oid, 'pg_constraint')
				FROM pg_catalog.pg_constraint WHERE conrelid = pg_catalog.to_regclass(?) AND conname = ?
				""", (row, number) -> {
			String definition = Objects.requireNonNull(row.getString(1));
			return new ConstraintFacts(definition.endsWith(NOT_VALID)
					? definition.substring(0, definition.length() - NOT_VALID.length()) : definition, row.getBoolean(2),
					row.getString(3));
		}, table.quoted(), name).stream().findFirst();
	}

	boolean isOurs(TableChange change) {
		return Marker.made(change).equals(this.comment);
	}

	/**
	 * Refuses one that is not what was declared.
	 */
	void require(TableChange change, String wanted) {
		if (!this.definition.equals(wanted)) {
			throw different(change, this.definition);
		}
	}

	static UnsupportedChangeException different(TableChange change, String definition) {
		return new UnsupportedChangeException(change,
				"the table has a constraint of that name already, which says something else: " + definition + ".",
				"Choose another name, or let the declaration say what the constraint says.");
	}

}
