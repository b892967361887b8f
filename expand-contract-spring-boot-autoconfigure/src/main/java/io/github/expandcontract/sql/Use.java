package io.github.expandcontract.sql;

/**
 * What a reference is used for, which decides from where it is read.
 */
enum Use {

	/**
	 * It is what the caller gets.
	 */
	OUTPUT,

	/**
	 * It is compared, computed with, sorted by, or handed to an outer query.
	 */
	PREDICATE,

	/**
	 * It is part of an expression that infers the index of a conflict target.
	 */
	CONFLICT,

	/**
	 * It is a column of a conflict target.
	 */
	CONFLICT_COLUMN;

	Reading reading(ColumnRule rule) {
		return switch (this) {
			case OUTPUT -> rule.output();
			case PREDICATE -> rule.predicate();
			case CONFLICT, CONFLICT_COLUMN ->
				(rule.column().oldColumn() == null || (rule.writing() == Writing.NEW && !rule.synced())) ? Reading.NEW
						: Reading.OLD;
		};
	}

}
