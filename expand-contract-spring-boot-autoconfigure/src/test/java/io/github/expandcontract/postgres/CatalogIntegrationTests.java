package io.github.expandcontract.postgres;

import com.zaxxer.hikari.HikariDataSource;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

class CatalogIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private final Catalog catalog = new Catalog(this.jdbc);

	@Test
	void resolvesAlongTheSearchPathAndByExactName() {
		this.jdbc.execute("CREATE SCHEMA shop; CREATE TABLE \"Users\" (id int); CREATE TABLE shop.orders (id int)");
		assertThat(this.catalog.resolve(null, "Users")).contains(new TableName("public", "Users"));
		assertThat(this.catalog.resolve(null, "users")).isEmpty();
		assertThat(this.catalog.resolve(null, "orders")).isEmpty();
		assertThat(this.catalog.resolve("shop", "orders")).contains(new TableName("shop", "orders"));
		assertThat(this.catalog.searchPath()).containsExactly("public");
	}

	@Test
	void knowsATypeByItsOtherName() {
		assertThat(this.catalog.sameType("DECIMAL(10, 2)", "numeric(10,2)")).isTrue();
		assertThat(this.catalog.sameType("numeric", "numeric(10,2)")).isFalse();
	}

	@Test
	void describesATableWithAPoolOfOneConnection() {
		this.jdbc.execute("CREATE TABLE t (id int PRIMARY KEY)");
		try (HikariDataSource pool = this.database.pool(1)) {
			assertThat(new Catalog(new JdbcTemplate(pool)).table(new TableName("public", "t"))).isPresent();
		}
	}

	@Test
	void describesColumnsAsTheCatalogSpellsThem() {
		this.jdbc.execute("""
				CREATE TABLE t (a varchar(20) COLLATE "C" NOT NULL DEFAULT 'x', dropped int,
				  b uuid DEFAULT gen_random_uuid(), c int GENERATED ALWAYS AS IDENTITY,
				  d text GENERATED ALWAYS AS (a || '!') STORED, e timestamptz DEFAULT now(), PRIMARY KEY (c, a));
				ALTER TABLE t DROP COLUMN dropped
				""");
		Table table = this.catalog.table(new TableName("public", "t")).orElseThrow();
		assertThat(table.primaryKey()).containsExactly("c", "a");
		assertThat(table.partitioned()).isFalse();
		assertThat(table.columns()).extracting(Column::name).containsExactly("a", "b", "c", "d", "e");
		Column a = table.column("a").orElseThrow();
		assertThat(a.type()).isEqualTo("character varying(20)");
		assertThat(a.collation()).isEqualTo("pg_catalog.\"C\"");
		assertThat(a.notNull()).isTrue();
		assertThat(a.defaultVolatile()).isFalse();
		assertThat(a.defaultExpression()).isEqualTo("'x'::character varying");
		assertThat(table.column("b").orElseThrow().defaultVolatile()).isTrue();
		assertThat(table.column("c").orElseThrow().identity()).isTrue();
		assertThat(table.column("d").orElseThrow().generated()).isTrue();
		assertThat(table.column("e").orElseThrow().defaultVolatile()).isFalse();
	}

}
