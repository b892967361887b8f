package io.github.expandcontract.change;

import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

class CatalogTableLookupIntegrationTests {

	private final JdbcTemplate jdbc = TestDatabase.create().jdbc();

	private final CatalogTableLookup lookup = new CatalogTableLookup(this.jdbc);

	@Test
	void findsTablesBySearchPathAndBySchema() {
		this.jdbc.execute("""
				CREATE SCHEMA crm;
				CREATE TABLE users (id int);
				CREATE TABLE crm.users (id int);
				CREATE TABLE crm."Parts" (id int) PARTITION BY RANGE (id);
				CREATE VIEW people AS SELECT * FROM users
				""");
		assertThat(this.lookup.resolve(null, "users")).contains(new TableName("public", "users"));
		assertThat(this.lookup.resolve("crm", "users")).contains(new TableName("crm", "users"));
		assertThat(this.lookup.resolve("crm", "Parts")).contains(new TableName("crm", "Parts"));
		assertThat(this.lookup.resolve("crm", "parts")).isEmpty();
		assertThat(this.lookup.resolve(null, "Parts")).isEmpty();
		assertThat(this.lookup.resolve(null, "people")).isEmpty();
		assertThat(this.lookup.columns(new TableName("crm", "users"))).containsExactly("id");
		assertThat(this.lookup.tables()).containsExactly(new TableName("crm", "Parts"), new TableName("crm", "users"),
				new TableName("public", "users"));
	}

}
