package io.github.expandcontract.change;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

import io.github.expandcontract.RenamedFrom;
import io.github.expandcontract.RequiredColumn;
import io.github.expandcontract.TypeChangedFrom;

/**
 * The annotations that declare a change on a property: the one place that knows them all.
 */
final class Declared {

	/**
	 * The annotations.
	 */
	static final Set<Class<? extends Annotation>> ANNOTATIONS = Set.of(RenamedFrom.class, TypeChangedFrom.class,
			RequiredColumn.class);

	private Declared() {
	}

	/**
	 * Whether a field declares a change.
	 */
	static boolean on(Field field) {
		return ANNOTATIONS.stream().anyMatch(field::isAnnotationPresent);
	}

	/**
	 * What a field declares of the column that it is mapped to.
	 */
	static List<ChangeDeclaration> of(MappedColumn column) {
		List<ChangeDeclaration> declarations = new ArrayList<>();
		String schema = column.table().schema();
		String table = column.table().name();
		RenamedFrom renamed = column.field().getAnnotation(RenamedFrom.class);
		if (renamed != null) {
			declarations.add(new RenameColumnDeclaration(renamed.id().isEmpty() ? null : renamed.id(), schema, table,
					column.affix().around(renamed.value()), column.column(), column.owner()));
		}
		TypeChangedFrom changed = column.field().getAnnotation(TypeChangedFrom.class);
		if (changed != null) {
			declarations.add(new ChangeTypeDeclaration(changed.id().isEmpty() ? null : changed.id(), schema, table,
					column.affix().around(changed.value()), column.column(), changed.type(), changed.up(),
					changed.down(), changed.lossless(), column.owner()));
		}
		RequiredColumn required = column.field().getAnnotation(RequiredColumn.class);
		if (required != null) {
			declarations.add(new AddColumnDeclaration(required.id().isEmpty() ? null : required.id(), schema, table,
					column.column(), required.type(), required.fill(),
					required.defaultValue().isEmpty() ? null : required.defaultValue(), column.owner()));
		}
		return declarations;
	}

	/**
	 * Table and column that the annotation itself names, for a property that is mapped
	 * nowhere.
	 * @param field a field that declares a change
	 * @return table and column, empty texts where they are not named
	 */
	static Place place(Field field) {
		RenamedFrom renamed = field.getAnnotation(RenamedFrom.class);
		if (renamed != null) {
			return new Place(renamed.table(), renamed.column());
		}
		TypeChangedFrom changed = field.getAnnotation(TypeChangedFrom.class);
		if (changed != null) {
			return new Place(changed.table(), changed.column());
		}
		RequiredColumn required = field.getAnnotation(RequiredColumn.class);
		return (required != null) ? new Place(required.table(), required.column()) : new Place("", "");
	}

	/**
	 * Name of the annotation that a field has, for messages.
	 */
	static String name(Field field) {
		return ANNOTATIONS.stream()
			.filter(field::isAnnotationPresent)
			.map((type) -> "@" + type.getSimpleName())
			.sorted()
			.findFirst()
			.orElse("");
	}

	/**
	 * Where a property is stored.
	 *
	 * @param table the table as SQL would name it
	 * @param column the column as the catalog spells it
	 */
	record Place(String table, String column) {

		boolean isComplete() {
			return !this.table.isEmpty() && !this.column.isEmpty();
		}

	}

}
