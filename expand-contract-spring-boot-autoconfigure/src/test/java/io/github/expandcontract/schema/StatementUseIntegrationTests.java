package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.List;

import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.OwnStatements;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.schema.StatementUse.Seen;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

/**
 * What the server's statistics tell of those who still name an old column.
 */
class StatementUseIntegrationTests {

	private static final Leaving LEAVING = Leaving
		.of(new RenameColumn("users-handle", new TableName("public", "users"), "username", "handle", "User.handle"));

	private static final String LEGACY = "SELECT username FROM users WHERE username = 'secret'";

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate legacy = this.database.jdbc();

	@BeforeEach
	void tables() {
		this.legacy.execute("CREATE TABLE users (id bigint PRIMARY KEY, username text UNIQUE, handle text)");
		this.legacy.execute("CREATE SCHEMA expand_contract");
		StatementUse.install(this.legacy);
	}

	@Test
	void countsWhatRanSinceTheFirstReadingWithoutItsValues() {
		install();
		this.legacy.execute(LEGACY);
		this.legacy.execute("SELECT count(username) FROM users");
		read(1);
		assertThat(seen(1)).isEmpty();
		this.legacy.execute(LEGACY);
		this.legacy.execute(LEGACY.replace("secret", "other"));
		this.legacy.update("UPDATE users SET username = 'x' WHERE id = 1");
		read(1);
		assertThat(seen(1)).extracting(Seen::text, Seen::calls, Seen::user)
			.containsExactly(tuple("SELECT username FROM users WHERE username = $1", 2L, "postgres"),
					tuple("UPDATE users SET username = $1 WHERE id = $2", 1L, "postgres"));
		read(1);
		assertThat(seen(1)).extracting(Seen::calls).containsExactly(2L, 1L);
	}

	@Test
	void beginsAnewInAnotherPhase() {
		install();
		read(1);
		this.legacy.execute(LEGACY);
		read(1);
		read(2);
		assertThat(seen(2)).isEmpty();
		assertThat(seen(1)).isEmpty();
		this.legacy.execute(LEGACY);
		read(2);
		assertThat(seen(2)).extracting(Seen::calls).containsExactly(1L);
	}

	@Test
	void countsOnAfterAReset() {
		install();
		this.legacy.execute(LEGACY);
		this.legacy.execute(LEGACY);
		read(1);
		this.legacy.execute(LEGACY);
		read(1);
		this.legacy.queryForList("SELECT pg_stat_statements_reset()");
		read(1);
		assertThat(seen(1)).extracting(Seen::calls).containsExactly(1L);
		for (int i = 0; i < 5; i++) {
			this.legacy.execute(LEGACY);
		}
		read(1);
		assertThat(seen(1)).extracting(Seen::calls).containsExactly(6L);
	}

	@Test
	void countsNeitherOurOwnNorThoseThatKnowTheNewColumn() {
		install();
		read(1);
		JdbcTemplate own = new JdbcTemplate(new OwnStatements(this.database.dataSource()));
		own.queryForList(LEGACY);
		own.queryForList("SELECT username FROM users WHERE id = ?", 1);
		this.legacy.update("""
				INSERT INTO users (id, handle) VALUES (1, 'a')
				ON CONFLICT (username) DO UPDATE SET handle = EXCLUDED.handle""");
		this.legacy.execute("SELECT handle FROM users WHERE handle = 'username'");
		this.legacy.execute("SELECT id /* username */ FROM users");
		read(1);
		assertThat(seen(1)).isEmpty();
		this.legacy.update("""
				INSERT INTO users (id, username) VALUES (2, 'a')
				ON CONFLICT (username) DO UPDATE SET username = EXCLUDED.username""");
		read(1);
		assertThat(seen(1)).hasSize(1);
	}

	@Test
	void countsNotWhatTheServerAsksForAForeignKey() {
		install();
		this.legacy.execute("CREATE TABLE orders (username text REFERENCES users (username) ON UPDATE CASCADE)");
		this.legacy.execute("INSERT INTO users VALUES (1, 'a', 'a')");
		read(1);
		SingleConnectionDataSource session = new SingleConnectionDataSource(this.database.url(), true);
		try {
			JdbcTemplate nested = new JdbcTemplate(session);
			nested.execute("SET pg_stat_statements.track = 'all'");
			nested.update("INSERT INTO orders VALUES ('a')");
			nested.execute("DO 'BEGIN PERFORM id FROM users WHERE username = ''a''; END'");
		}
		finally {
			session.destroy();
		}
		read(1);
		assertThat(seen(1)).extracting(Seen::text).singleElement().asString().contains("WHERE username =");
	}

	@Test
	void readsNotAgainWhatIsYoungEnough() {
		install();
		read(1);
		this.legacy.execute(LEGACY);
		use().read(LEAVING, 1, Duration.ofHours(1));
		assertThat(seen(1)).isEmpty();
		assertThat(use().last(LEAVING, 1)).hasValueSatisfying((reading) -> {
			assertThat(reading.problem()).isNull();
			assertThat(reading.hidden()).isZero();
		});
	}

	@Test
	void saysThatTheExtensionIsNotThereAndBeginsWhenItIs() {
		read(1);
		assertThat(use().last(LEAVING, 1).orElseThrow().problem()).contains("not installed");
		assertThat(use().last(LEAVING, 2)).isEmpty();
		install();
		this.legacy.execute(LEGACY);
		read(1);
		assertThat(use().last(LEAVING, 1).orElseThrow().problem()).isNull();
		assertThat(seen(1)).isEmpty();
		this.legacy.execute(LEGACY);
		read(1);
		assertThat(seen(1)).extracting(Seen::calls).containsExactly(1L);
	}

	@Test
	void countsWhatIsHiddenAndTakesItNotForNewWhenItIsShown() {
		install();
		this.legacy.execute(LEGACY);
		this.legacy.execute("CREATE ROLE evidence_reader LOGIN");
		try {
			this.legacy.execute("GRANT ALL ON SCHEMA expand_contract TO evidence_reader");
			this.legacy.execute("GRANT ALL ON ALL TABLES IN SCHEMA expand_contract TO evidence_reader");
			StatementUse limited = new StatementUse(new Ddl(new SingleConnectionDataSource(
					this.database.url().replace("user=postgres", "user=evidence_reader"), true), LockRetry.defaults()));
			limited.read(LEAVING, 1, Duration.ZERO);
			assertThat(limited.last(LEAVING, 1).orElseThrow().hidden()).isPositive();
			this.legacy.execute("GRANT pg_read_all_stats TO evidence_reader");
			limited.read(LEAVING, 1, Duration.ZERO);
			assertThat(limited.last(LEAVING, 1).orElseThrow().hidden()).isZero();
			assertThat(seen(1)).isEmpty();
			this.legacy.execute(LEGACY);
			limited.read(LEAVING, 1, Duration.ZERO);
			assertThat(seen(1)).extracting(Seen::calls).containsExactly(1L);
		}
		finally {
			this.legacy.execute("DROP OWNED BY evidence_reader");
			this.legacy.execute("DROP ROLE evidence_reader");
		}
	}

	private void install() {
		this.legacy.execute("CREATE EXTENSION pg_stat_statements");
		// So full of what other tests have run that it forgets what came once
		this.legacy.execute("SELECT pg_stat_statements_reset()");
	}

	/**
	 * As another instance would, or the same one after a restart.
	 */
	private StatementUse use() {
		return new StatementUse(new Ddl(this.database.dataSource(), LockRetry.defaults()));
	}

	private void read(long version) {
		use().read(LEAVING, version, Duration.ZERO);
	}

	private List<Seen> seen(long version) {
		return use().seen(LEAVING, version);
	}

}
