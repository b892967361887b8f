package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * What is known of a source's columns.
 *
 * @param names their names; empty text for one without a name that could matter
 * @param exact whether these are all columns in their order; if not, these are all that
 * could matter
 * @param open whether there may be others that matter
 */
record Columns(List<String> names, boolean exact, boolean open) {

	static final Columns UNKNOWN = new Columns(List.of(), false, true);

	boolean owns(String name) {
		return this.names.contains(name);
	}

	/**
	 * These columns behind a column alias list.
	 */
	Columns renamed(List<String> aliases) {
		if (aliases.isEmpty()) {
			return this;
		}
		if (!this.exact) {
			// Which of the names the aliases replace is not known.
			return new Columns(aliases, false, !this.names.isEmpty() || this.open);
		}
		List<String> renamed = new ArrayList<>(aliases);
		if (this.names.size() > aliases.size()) {
			renamed.addAll(this.names.subList(aliases.size(), this.names.size()));
		}
		return new Columns(renamed, true, false);
	}

}
