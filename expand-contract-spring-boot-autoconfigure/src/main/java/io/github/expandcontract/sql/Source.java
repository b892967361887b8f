package io.github.expandcontract.sql;

import org.jspecify.annotations.Nullable;

/**
 * What a name before a dot may refer to: an item of FROM, the target of a writing
 * statement, or the row that a conflict excluded.
 */
final class Source {

	private final Role role;

	private final @Nullable String alias;

	private final @Nullable ChangingTable table;

	private final FromItem.@Nullable TableRef item;

	private final Columns columns;

	private final boolean writtenAlias;

	private boolean derived;

	private boolean missing;

	private boolean aliasList;

	private int derivedAt;

	private @Nullable String obstacle;

	Source(Role role, @Nullable String alias, boolean writtenAlias, @Nullable ChangingTable table,
			FromItem.@Nullable TableRef item, Columns columns) {
		this.role = role;
		this.alias = alias;
		this.writtenAlias = writtenAlias;
		this.table = table;
		this.item = item;
		this.columns = columns;
	}

	/**
	 * What a source is there for.
	 */
	enum Role {

		/**
		 * It is read.
		 */
		READ,

		/**
		 * It is written.
		 */
		TARGET,

		/**
		 * It is the row that was to be inserted.
		 */
		EXCLUDED

	}

	static Source other(@Nullable String alias, Columns columns) {
		return new Source(Role.READ, alias, true, null, null, columns);
	}

	Role role() {
		return this.role;
	}

	/**
	 * The name by which statements refer to it.
	 */
	@Nullable String alias() {
		return this.alias;
	}

	boolean hasWrittenAlias() {
		return this.writtenAlias;
	}

	/**
	 * The table, if it is one that changes.
	 */
	@Nullable ChangingTable table() {
		return this.table;
	}

	FromItem.@Nullable TableRef item() {
		return this.item;
	}

	Columns columns() {
		return this.columns;
	}

	/**
	 * Notes that there may be a row without one of this source beside it, all of whose
	 * columns are NULL then, whatever they are read from.
	 * @param token the token that says so
	 */
	void mayBeMissing(int token) {
		this.missing = true;
		if (this.table != null && !this.table.isGuarded()) {
			derive(token);
		}
	}

	/**
	 * Whether there may be a row without one of this source beside it.
	 * @param alias the name by which the statement refers to it; another one than its own
	 * is that of the row before or after it was written
	 */
	boolean isMissing(@Nullable String alias) {
		return this.missing || (alias != null && !alias.equals(this.alias));
	}

	/**
	 * Whether a column of that name will be there in the end.
	 */
	boolean owns(String name) {
		if (this.aliasList) {
			return this.columns.owns(name);
		}
		return (this.table != null) ? this.table.owns(name) : this.columns.owns(name);
	}

	/**
	 * Whether a column of that name is there now, and goes away.
	 */
	boolean losesColumn(String name) {
		return this.table != null && !this.aliasList && this.table.ruleAgainst(name) != null;
	}

	/**
	 * Has the table read through a derived table of its final shape.
	 * @param token the token that makes it necessary
	 */
	void derive(int token) {
		if (!this.derived && this.table != null) {
			this.derived = true;
			this.derivedAt = token;
		}
	}

	void deriveForAliasList(int token) {
		derive(token);
		this.aliasList = true;
	}

	/**
	 * Whether the statement gives the columns of a changing table other names.
	 */
	boolean hasAliasList() {
		return this.aliasList;
	}

	boolean isDerived() {
		return this.derived;
	}

	int derivedAt() {
		return this.derivedAt;
	}

	/**
	 * Notes why a derived table would not do.
	 */
	void obstruct(String why) {
		this.obstacle = why;
	}

	@Nullable String obstacle() {
		return this.obstacle;
	}

}
