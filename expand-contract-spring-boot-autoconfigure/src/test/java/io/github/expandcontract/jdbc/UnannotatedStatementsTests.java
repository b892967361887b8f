package io.github.expandcontract.jdbc;

import org.junit.jupiter.api.Test;

import io.github.expandcontract.UnannotatedAccess;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * What is remembered of unannotated access.
 */
class UnannotatedStatementsTests {

	private final UnannotatedStatements statements = new UnannotatedStatements();

	@Test
	void countsEachTextMostFrequentFirst() {
		this.statements.unannotated("a", UnannotatedAccess.WARN);
		this.statements.unannotated("b", UnannotatedAccess.WARN);
		this.statements.unannotated("b", UnannotatedAccess.WARN);
		assertThat(this.statements.total()).isEqualTo(3);
		assertThat(this.statements.entries()).extracting(UnannotatedStatements.Entry::sql).containsExactly("b", "a");
		assertThat(this.statements.entries().get(0)).satisfies((entry) -> {
			assertThat(entry.count()).isEqualTo(2);
			assertThat(entry.lastSeen()).isAfterOrEqualTo(entry.firstSeen());
		});
	}

	@Test
	void remembersABoundedNumberOfBoundedTexts() {
		for (int i = 0; i < 500; i++) {
			this.statements.unannotated("x" + i + "x".repeat(5000), UnannotatedAccess.WARN);
		}
		assertThat(this.statements.total()).isEqualTo(500);
		assertThat(this.statements.entries()).hasSize(200)
			.allSatisfy((entry) -> assertThat(entry.sql()).hasSizeLessThan(1010));
	}

	@Test
	void remembersNoValues() {
		for (int i = 0; i < 300; i++) {
			this.statements.unannotated("/* " + i + " */ UPDATE users SET handle = 'secret" + i + "' WHERE id = " + i,
					UnannotatedAccess.WARN);
		}
		assertThat(this.statements.entries()).singleElement().satisfies((entry) -> {
			assertThat(entry.sql()).isEqualTo("UPDATE users SET handle = ? WHERE id = ?");
			assertThat(entry.count()).isEqualTo(300);
		});
		String cut = "SELECT '" + "x".repeat(100_000) + "secret', handle FROM users";
		this.statements.unannotated(cut, UnannotatedAccess.WARN);
		assertThat(this.statements.entries()).anySatisfy((entry) -> assertThat(entry.sql()).isEqualTo("SELECT..."));
	}

	@Test
	void showsAPositionInItsSurroundings() {
		String sql = "SELECT " + "a, ".repeat(50) + "handle\nFROM users " + "x".repeat(100);
		int position = sql.indexOf("handle");
		String excerpt = StatementExcerpt.around(sql, position);
		String[] lines = excerpt.split("\n", -1);
		assertThat(lines).hasSize(2);
		assertThat(lines[0].substring(lines[1].indexOf('^'))).startsWith("handle FROM users");
		assertThat(StatementExcerpt.around("SELECT", 99)).isEqualTo("SELECT\n      ^");
	}

}
