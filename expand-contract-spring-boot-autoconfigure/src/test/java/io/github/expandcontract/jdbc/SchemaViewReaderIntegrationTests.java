package io.github.expandcontract.jdbc;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.sql.SchemaView;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The catalog as rewriting sees it.
 */
class SchemaViewReaderIntegrationTests {

	private static final TableName USERS = new TableName("public", "users");

	private final JdbcTemplate jdbc = TestDatabase.create().jdbc();

	private final SchemaViewReader reader = new SchemaViewReader(this.jdbc,
			() -> SchemaViewReader.searchPath(this.jdbc),
			List.of(new RenameColumn("users-handle", USERS, "username", "handle", "User.handle")));

	SchemaViewReaderIntegrationTests() {
		this.jdbc.execute("CREATE TABLE users (id bigint PRIMARY KEY, username text)");
	}

	@Test
	void readsTablesNamesakesOwnersAndFunctions() {
		this.jdbc.execute("CREATE SCHEMA other");
		this.jdbc.execute("CREATE VIEW other.users AS SELECT 1 AS id");
		this.jdbc.execute("CREATE TABLE other.people (username text, handle text, email text)");
		this.jdbc.execute("CREATE FUNCTION calm() RETURNS int LANGUAGE sql STABLE RETURN 1");
		this.jdbc.execute("CREATE FUNCTION other.calm(int) RETURNS int LANGUAGE sql VOLATILE RETURN 1");
		SchemaView view = this.reader.read();
		assertThat(view.version()).isOne();
		assertThat(view.searchPath()).containsExactly("pg_catalog", "public");
		assertThat(view.tables()).containsOnlyKeys(USERS);
		assertThat(view.namesakes()).containsExactly(new TableName("other", "users"));
		assertThat(view.otherOwners())
			.isEqualTo(Map.of(new TableName("other", "people"), Set.of("username", "handle")));
		assertThat(view.nonVolatileFunctions()).contains("lower", "now", "upper")
			.doesNotContain("random", "nextval", "gen_random_uuid", "calm");
		assertThat(view.resolve("users")).isPresent();
	}

	@Test
	void returnsTheSameViewWhileNothingDiffers() {
		SchemaView view = this.reader.read();
		assertThat(this.reader.read()).isSameAs(view);
		this.jdbc.update("INSERT INTO users VALUES (1, 'a')");
		this.jdbc.execute("CREATE TABLE unrelated (id int)");
		this.jdbc.execute("ANALYZE users");
		assertThat(this.reader.read()).isSameAs(view);
		this.jdbc.execute("CREATE FUNCTION unrelated() RETURNS int LANGUAGE sql VOLATILE RETURN 1");
		assertThat(this.reader.read()).isSameAs(view);
	}

	@Test
	void seesEachDifferenceThatMatters() {
		List<String> statements = List.of("ALTER TABLE users ADD COLUMN handle text",
				"ALTER TABLE users ADD COLUMN extra text", "ALTER TABLE users RENAME COLUMN extra TO more",
				"ALTER TABLE users DROP COLUMN more", "CREATE TABLE people (handle text)",
				"ALTER TABLE people RENAME TO folk", "ALTER TABLE folk RENAME COLUMN handle TO username",
				"CREATE SCHEMA other", "CREATE TABLE other.users (id int)", "ALTER SCHEMA other RENAME TO another",
				"ALTER TABLE another.users SET SCHEMA other2",
				"CREATE FUNCTION calm() RETURNS int LANGUAGE sql STABLE RETURN 1", "ALTER FUNCTION calm() VOLATILE",
				"DROP TABLE folk");
		this.jdbc.execute("CREATE SCHEMA other2");
		SchemaView before = this.reader.read();
		for (String statement : statements) {
			this.jdbc.execute(statement);
			SchemaView after = this.reader.read();
			if (statement.equals("CREATE SCHEMA other")) {
				assertThat(after).isSameAs(before);
			}
			else {
				assertThat(after.version()).as(statement).isEqualTo(before.version() + 1);
			}
			before = after;
		}
	}

}
