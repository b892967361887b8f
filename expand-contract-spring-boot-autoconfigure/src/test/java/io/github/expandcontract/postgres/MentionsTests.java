package io.github.expandcontract.postgres;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which names a text counts on.
 */
class MentionsTests {

	private static final TableName USERS = new TableName("public", "users");

	@ParameterizedTest
	@ValueSource(strings = { "SELECT username FROM users", "select U.UserName from Public.Users u",
			"UPDATE \"users\" SET \"username\" = $1", "SELECT users.username FROM public.users",
			"SELECT public.users.username FROM public.users", "COPY users (username) TO STDOUT",
			"SELECT u&\"user\\006eame\" FROM users", "SELECT username FROM users WHERE x = 'it\\'s" })
	void findsTableAndColumnHoweverTheyAreWritten(String sql) {
		assertThat(Mentions.in(sql).table(USERS)).isTrue();
		assertThat(Mentions.in(sql).column("username")).isTrue();
	}

	@ParameterizedTest
	@ValueSource(strings = { "SELECT id FROM users WHERE x = 'username'", "SELECT id /* username */ FROM users",
			"SELECT id FROM users -- username", "SELECT \"USERNAME\" FROM users", "SELECT $$ username $$ FROM users" })
	void takesNeitherStringsNorCommentsForNames(String sql) {
		assertThat(Mentions.in(sql).table(USERS)).isTrue();
		assertThat(Mentions.in(sql).column("username")).isFalse();
	}

	@Test
	void tellsATableOfAnotherSchema() {
		assertThat(Mentions.in("SELECT username FROM crm.users").table(USERS)).isFalse();
		assertThat(Mentions.in("SELECT username FROM crm.users").schema("crm")).isTrue();
		assertThat(Mentions.in("SELECT username FROM crm.users, users").table(USERS)).isTrue();
	}

	@Test
	void namesWhatFollowsATextThatDoesNotEnd() {
		Mentions mentions = Mentions.in("SELECT \"a FROM users WHERE username = 1");
		assertThat(mentions.table(USERS)).isTrue();
		assertThat(mentions.column("username")).isTrue();
		assertThat(mentions.column("handle")).isFalse();
	}

	@Test
	void knowsTheVerb() {
		assertThat(Mentions.in(" /* x */ Insert INTO users").verb()).isEqualTo("insert");
		assertThat(Mentions.in("(SELECT 1)").verb()).isEmpty();
	}

	@Test
	void anythingIsNamedWhereTheTextIsNotKnown() {
		assertThat(Mentions.ofAnything().table(USERS)).isTrue();
		assertThat(Mentions.ofAnything().column("username")).isTrue();
	}

}
