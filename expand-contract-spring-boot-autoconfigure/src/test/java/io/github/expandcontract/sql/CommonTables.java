package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.sql.Visible.Column;

/**
 * The common table expressions that a generated query may name, the nearest last.
 *
 * @param tables the tables
 */
record CommonTables(List<CommonTables.Member> tables) {

	static final CommonTables NONE = new CommonTables(List.of());

	/**
	 * A member of a WITH clause.
	 */
	record Member(String name, List<Column> columns) {
	}

	CommonTables with(Member member) {
		List<Member> tables = new ArrayList<>(this.tables);
		tables.removeIf((other) -> other.name().equals(member.name()));
		tables.add(member);
		return new CommonTables(tables);
	}

	boolean hides(String name) {
		return this.tables.stream().anyMatch((member) -> member.name().equals(name));
	}

}
