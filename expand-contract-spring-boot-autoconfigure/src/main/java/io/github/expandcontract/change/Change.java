package io.github.expandcontract.change;

import java.util.List;

import io.github.expandcontract.postgres.TableName;

/**
 * One schema change that is taken through the phases.
 */
public sealed interface Change permits RowChange, RenameInPlace, TableChange, DropColumn, DropTable {

	/**
	 * The id by which {@code expand-contract.changes} names the change.
	 * @return the id, unique within the application
	 */
	String id();

	/**
	 * The table that changes.
	 * @return its name with the schema
	 */
	TableName table();

	/**
	 * Where the change was declared, for messages.
	 * @return such as {@code User.handle}
	 */
	String declaredAt();

	/**
	 * The same change as if it had been declared elsewhere.
	 * @param declaration where
	 * @return the change, equal to another one that was declared there
	 */
	Change movedTo(String declaration);

	/**
	 * The columns whose names mean something else while the change is under way, or are
	 * there for that time only.
	 * @return their names as the catalog spells them, empty if there is none
	 */
	List<String> changingColumns();

	/**
	 * The columns that statements must not name any more when the change is through.
	 * @return their names as the catalog spells them, empty if there is none
	 */
	default List<String> leavingColumns() {
		return List.of();
	}

	/**
	 * Tells the kinds apart.
	 * @param <T> the type of the answer
	 * @param visitor the answer for each kind
	 * @return the answer for this one
	 */
	<T> T accept(ChangeVisitor<T> visitor);

	/**
	 * What the change does, for messages.
	 * @return such as {@code rename public.users.username to handle}
	 */
	String describe();

}
