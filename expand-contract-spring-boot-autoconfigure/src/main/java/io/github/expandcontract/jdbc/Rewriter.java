package io.github.expandcontract.jdbc;

import java.util.List;

import io.github.expandcontract.sql.ColumnRule;
import io.github.expandcontract.sql.GeneratedKeys;
import io.github.expandcontract.sql.Rewriting;
import io.github.expandcontract.sql.SchemaView;

/**
 * Rewrites texts by fixed rules. Thread safe, and never throws: what it does not
 * understand it refuses.
 */
@FunctionalInterface
interface Rewriter {

	Rewriting rewrite(String sql, GeneratedKeys keys);

	/**
	 * Makes a rewriter for the rules of a phase.
	 */
	@FunctionalInterface
	interface Factory {

		Rewriter create(SchemaView schema, List<ColumnRule> rules);

	}

}
