package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * The names that a part of a statement sees, innermost first.
 */
final class Scope {

	private final @Nullable Scope parent;

	private final Level level;

	private final int from;

	private final int to;

	Scope(@Nullable Scope parent) {
		this(parent, new Level(), 0, Integer.MAX_VALUE);
	}

	/**
	 * The scope of a join in brackets that has an alias.
	 * @param beside what stands before it in the list that it is in, which its LATERAL
	 * items see and its conditions do not
	 */
	Scope(Scope parent, Scope beside) {
		this(parent, new Level(), 0, Integer.MAX_VALUE);
		this.level.beside = beside;
	}

	private Scope(@Nullable Scope parent, Level level, int from, int to) {
		this.parent = parent;
		this.level = level;
		this.from = from;
		this.to = to;
	}

	/**
	 * What stands on one level of nesting.
	 */
	private static final class Level {

		private final List<Source> sources = new ArrayList<>();

		private final Map<String, Integer> byAlias = new HashMap<>();

		private final Map<String, Integer> byCommonName = new HashMap<>();

		private final List<CommonTable> commonTables = new ArrayList<>();

		private final Set<String> merged = new HashSet<>();

		private boolean merging;

		private boolean natural;

		private @Nullable Scope beside;

	}

	@Nullable Scope parent() {
		return this.parent;
	}

	/**
	 * This scope with only the sources, or common tables, from one index to another.
	 */
	Scope view(int begin, int end) {
		return new Scope(this.parent, this.level, begin, end);
	}

	/**
	 * What a LATERAL item that comes next sees.
	 */
	Scope lateral() {
		Scope beside = this.level.beside;
		return new Scope((beside != null) ? beside : this.parent, this.level, 0, size());
	}

	void add(Source source) {
		String alias = source.alias();
		if (alias != null) {
			this.level.byAlias.putIfAbsent(alias, this.level.sources.size());
		}
		this.level.sources.add(source);
	}

	/**
	 * Gives a source of this level another alias.
	 */
	void addAlias(String alias, Source source) {
		this.level.byAlias.putIfAbsent(alias, this.level.sources.indexOf(source));
	}

	/**
	 * The sources of this level.
	 */
	List<Source> sources() {
		int end = Math.min(this.to, this.level.sources.size());
		return this.level.sources.subList(Math.min(this.from, end), end);
	}

	int size() {
		return this.level.sources.size();
	}

	void define(String name, CommonTable table) {
		this.level.byCommonName.putIfAbsent(name, this.level.commonTables.size());
		this.level.commonTables.add(table);
	}

	/**
	 * Notes a join that merges columns.
	 * @param names the columns of USING, {@code null} for a NATURAL join
	 */
	void merge(@Nullable Set<String> names) {
		this.level.merging = true;
		if (names != null) {
			this.level.merged.addAll(names);
		}
		else {
			this.level.natural = true;
		}
	}

	boolean isMerging() {
		return this.level.merging;
	}

	boolean isMerged(String column) {
		return this.level.natural || this.level.merged.contains(column);
	}

	@Nullable CommonTable commonTable(String name) {
		for (Scope scope = this; scope != null; scope = scope.parent) {
			Integer index = scope.level.byCommonName.get(name);
			if (index != null && index < scope.to) {
				return scope.level.commonTables.get(index);
			}
		}
		return null;
	}

	/**
	 * The source that an alias means.
	 */
	@Nullable Source byAlias(String alias) {
		for (Scope scope = this; scope != null; scope = scope.parent) {
			Integer index = scope.level.byAlias.get(alias);
			if (index != null && index >= scope.from && index < scope.to) {
				return scope.level.sources.get(index);
			}
		}
		return null;
	}

}
