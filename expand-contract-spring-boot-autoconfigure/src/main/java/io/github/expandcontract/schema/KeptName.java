package io.github.expandcontract.schema;

import java.util.List;
import java.util.Objects;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.ShortName;
import io.github.expandcontract.postgres.SqlStates;
import io.github.expandcontract.postgres.Table;

/**
 * A new column that gets old's name in the end. By their names the columns then are what
 * they were before the change, so it is the type that tells.
 */
final class KeptName {

	// Classes of error codes: a syntax error or a name that stands for nothing, no such
	// schema, a modifier out of its bounds, and what the server does not support.
	private static final List<String> NO_SUCH_TYPE = List.of("42", "3F", "22", "0A");

	private KeptName() {
	}

	static boolean isKept(ColumnChange change) {
		return change.fold((rename) -> false, ChangeType::keepsName);
	}

	/**
	 * Whether the one column that is there is the new one, under old's name.
	 */
	static boolean hasArrived(JdbcOperations jdbc, ColumnChange change, Table table) {
		return change.fold((rename) -> false,
				(type) -> type.keepsName() && table.column(type.newColumn()).isEmpty()
						&& table.column(type.oldColumn())
							.filter((column) -> sameType(jdbc, type.type(), column.type()))
							.isPresent());
	}

	private static boolean sameType(JdbcOperations jdbc, String declared, String present) {
		try {
			return new Catalog(jdbc).sameType(declared, present);
		}
		catch (DataAccessException ex) {
			// Whether the declared one is a type at all is for ConversionCheck to say.
			// Any
			// other failure must not pass for an answer, or values would be converted
			// twice.
			String state = SqlStates.of(ex).orElse("");
			if (NO_SUCH_TYPE.stream().anyMatch(state::startsWith)) {
				return false;
			}
			throw ex;
		}
	}

	/**
	 * Refuses a change whose column had the new type all along: it would be taken for one
	 * that is through, and its values for converted ones.
	 */
	static void requireAnotherType(Ddl ddl, ChangeType change) {
		if (!change.keepsName()) {
			return;
		}
		String results = Scratch.SCHEMA + ".\"down_" + ShortName.hash(change.table().quoted() + change.id()) + "\"";
		boolean same = Scratch.use(ddl, "look what type down gives for " + change.id(), (jdbc) -> {
			jdbc.execute("CREATE TABLE " + results + " AS SELECT "
					+ change.down("(CAST(NULL AS " + change.type() + "))") + " AS value");
			String given = jdbc.queryForObject("""
					SELECT pg_catalog.format_type(atttypid, atttypmod) FROM pg_catalog.pg_attribute
					WHERE attrelid = ?::regclass AND attname = 'value'
					""", String.class, results);
			return new Catalog(jdbc).sameType(change.type(), Objects.requireNonNull(given));
		});
		if (same) {
			throw new UnsupportedChangeException(change,
					"\"" + change.oldColumn() + "\" is of type " + change.type()
							+ " and down gives that type too, so that nobody could tell converted values from others.",
					"Give the new column another name, or another type; remove the declaration if the change is over.");
		}
	}

	/**
	 * The end of the transaction of CONTRACT.
	 */
	static List<Step> contractSteps(ColumnChange change) {
		return isKept(change)
				? List.of(rename("give new the name of the original", change, change.newColumn(), change.oldColumn()))
				: List.of();
	}

	/**
	 * The beginning of the way back.
	 */
	static List<Step> reopenSteps(ColumnChange change) {
		return isKept(change)
				? List.of(rename("leave the name to the original", change, change.oldColumn(), change.newColumn()))
				: List.of();
	}

	private static Step rename(String purpose, ColumnChange change, String from, String to) {
		return Step.inTransaction(purpose, LockLevel.ACCESS_EXCLUSIVE, "ALTER TABLE " + change.table().quoted()
				+ " RENAME COLUMN " + Identifiers.quote(from) + " TO " + Identifiers.quote(to));
	}

}
