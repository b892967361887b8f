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
	 * @throws ConflictingChangesException if two changes have one id or one column, or
	 * one fills a column from one that another changes
	 * @throws InvalidDeclarationException if an expression cannot be used with the
	 * columns of its table
	 */
	public List<Change> resolve(Collection<? extends ChangeDeclaration> declarations) {
		List<Change> changes = new ArrayList<>();
		for (ChangeDeclaration declaration : declarations) {
			TableName table = table(declaration);
			Change change = declaration.locate(this.tables).on(table, this.tables.columns(table));
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
		if (first.table().equals(second.table())) {
			second.changingColumns()
				.stream()
				.filter(first.changingColumns()::contains)
				.findFirst()
				.ifPresent((column) -> {
					throw ConflictingChangesException.sameColumn(first, second, column);
				});
			requireStableSources(first, second);
			requireStableSources(second, first);
		}
		requireUntouched(first, second);
		requireUntouched(second, first);
		if (first.id().equals(second.id())) {
			throw ConflictingChangesException.sameId(first, second);
		}
	}

	private static void requireStableSources(Change change, Change other) {
		if (change instanceof AddColumn added) {
			added.fill()
				.columns()
				.stream()
				.filter(other.changingColumns()::contains)
				.findFirst()
				.ifPresent((column) -> {
					throw ConflictingChangesException.changingSource(added, other, column);
				});
		}
	}

	/*
	 * What is built on a column that is about to go, or to get another name, would be
	 * lost with it or not be found.
	 */
	private static void requireUntouched(Change builder, Change changer) {
		if (builder instanceof TableChange addition) {
			changer.changingColumns()
				.stream()
				.filter((column) -> names(addition, changer.table(), column))
				.findFirst()
				.ifPresent((column) -> {
					throw ConflictingChangesException.builtOn(addition, changer, column);
				});
		}
	}

	private static boolean names(TableChange addition, TableName table, String column) {
		boolean own = addition.table().equals(table) && addition.names(column);
		boolean referenced = addition instanceof AddForeignKey key && key.referenced().equals(table)
				&& key.referencedColumns().contains(column);
		return own || referenced;
	}

}
