package io.github.expandcontract.backfill;

import java.nio.file.Path;
import java.time.Duration;

import io.github.expandcontract.testing.ChildJvm;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

class BackfillCrashIntegrationTests {

	private static final int ROWS = 60_000;

	private static final int BATCH = 200;

	private static final Duration LEASE = Duration.ofSeconds(1);

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	@Test
	void aProcessKilledInTheMidstLosesAtMostOneBatch(@TempDir Path directory) throws Exception {
		Fixture.createUsers(this.jdbc, ROWS);
		Backfill backfill = new Backfill(this.database.dataSource(), Fixture.settings(BATCH, LEASE));
		backfill.install();
		backfill.prepare(Fixture.USERS);
		Process child = ChildJvm.start(Child.class, directory.resolve("child.log").toFile(), this.database.url());
		try {
			Fixture.await(() -> backfill.progress(Fixture.USERS).rowsDone() > 2_000);
		}
		finally {
			ChildJvm.kill(child);
		}
		Fixture.await(() -> this.jdbc.queryForObject(
				"SELECT count(*) FROM pg_stat_activity WHERE application_name = 'backfill child'", Long.class) == 0);
		long done = backfill.progress(Fixture.USERS).rowsDone();
		assertThat(done).isLessThan(ROWS);
		assertThat(Fixture.differing(this.jdbc, Fixture.USERS)).as("what is counted is what is committed")
			.isEqualTo(ROWS - done);
		assertThat(backfill.complete(Fixture.USERS)).isFalse();
		Fixture.finish(backfill, Fixture.USERS);
		BackfillProgress progress = backfill.progress(Fixture.USERS);
		assertThat(progress.rowsDone()).as("nothing was done twice").isEqualTo(ROWS);
		assertThat(progress.rowsCopied()).isEqualTo(ROWS);
		assertThat(this.jdbc.queryForObject(
				"SELECT count(*) FROM users WHERE handle = 'name' || id AND username = 'name' || id", Long.class))
			.isEqualTo(ROWS);
		assertThat(backfill.verify(Fixture.USERS, Fixture.ALWAYS).clean()).isTrue();
	}

	/**
	 * The process that is killed.
	 */
	static final class Child {

		private Child() {
		}

		public static void main(String[] args) {
			PGSimpleDataSource dataSource = new PGSimpleDataSource();
			dataSource.setUrl(args[0]);
			dataSource.setApplicationName("backfill child");
			Fixture.finish(new Backfill(dataSource, Fixture.settings(BATCH, LEASE)), Fixture.USERS);
		}

	}

}
