package io.github.expandcontract.change;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

import io.github.expandcontract.postgres.TableName;

/**
 * Turns declarations into changes: finds each table, takes what several entities of one
 * table declare alike for one change, and refuses changes that exclude each other.
 */
public final class ChangeResolver {

	private final TableLookup tables;

	/**
	 * Creates a resolver.
	 * @param tables finds the tables
	 */
	public ChangeResolver(TableLookup tables) {
		this.tables = tables;
	}

	/**
	 * Resolves declarations.
	 * @param declarations all that are declared in the application
	 * @return the changes, in the order of the declarations
	 * @throws TableNotFoundException if a table does not exist
	 * @throws ConflictingChangesException if two changes have one id or one column
	 */
	public List<Change> resolve(Collection<? extends ChangeDeclaration> declarations) {
		List<Change> changes = new ArrayList<>();
		for (ChangeDeclaration declaration : declarations) {
			Change change = declaration.on(table(declaration));
			if (changes.stream().noneMatch((other) -> isSame(other, change))) {
				changes.forEach((other) -> requireCompatible(other, change));
				changes.add(change);
			}
		}
		return List.copyOf(changes);
	}

	private TableName table(ChangeDeclaration declaration) {
		return this.tables.resolve(declaration.schema(), declaration.table())
			.or(() -> Optional.ofNullable(declaration.whereGone()))
			.orElseThrow(() -> new TableNotFoundException(declaration,
					Suggestions.nearest(declaration.table(), this.tables.tables(), TableName::name)));
	}

	/*
	 * What goes away cannot be changed as well.
	 */
	private static void requireToStay(Change drop, Change other) {
		if (drop.table().equals(other.table())) {
			boolean table = drop instanceof DropTable;
			if (table || (drop instanceof DropColumn column && other.changingColumns().contains(column.column()))) {
				throw ConflictingChangesException.dropped(drop, other);
			}
		}
	}

	private static boolean isSame(Change first, Change second) {
		return first.movedTo(second.declaredAt()).equals(second);
	}

	private static void requireCompatible(Change first, Change second) {
		requireToStay(first, second);
		requireToStay(second, first);
		if (first.table().equals(second.table()) && first instanceof ColumnChange one
				&& second instanceof ColumnChange other) {
			for (String column : List.of(other.oldColumn(), other.newColumn())) {
				if (column.equals(one.oldColumn()) || column.equals(one.newColumn())) {
					throw ConflictingChangesException.sameColumn(one, other, column);
				}
			}
		}
		if (first.id().equals(second.id())) {
			throw ConflictingChangesException.sameId(first, second);
		}
	}

}
