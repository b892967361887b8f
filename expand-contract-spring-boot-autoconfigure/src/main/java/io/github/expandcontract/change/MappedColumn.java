package io.github.expandcontract.change;

import java.lang.reflect.Field;

/**
 * The column of a property that has an annotation.
 *
 * @param field the annotated field
 * @param owner the entity and the path to the property, such as
 * {@code User.address.street}
 * @param table the entity's table
 * @param column the column, as the catalog spells it
 * @param affix what the embedding puts around the names of its columns
 */
record MappedColumn(Field field, String owner, WrittenName table, String column, Affix affix) {

	/**
	 * What an embedding puts around the names of its columns.
	 *
	 * @param prefix what stands before
	 * @param suffix what stands after
	 */
	record Affix(String prefix, String suffix) {

		static final Affix NONE = new Affix("", "");

		String around(String name) {
			return this.prefix + name + this.suffix;
		}

		Affix within(Affix outer) {
			return new Affix(outer.prefix + this.prefix, this.suffix + outer.suffix);
		}

	}

}
