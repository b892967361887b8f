package io.github.expandcontract.backfill;

import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.Conversion;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Several changes of one table that are filled at the same time.
 */
class SharedPassIntegrationTests {

	private static final TableName USERS = new TableName("public", "users");

	private static final ColumnChange HANDLE = Fixture.USERS;

	private static final RowChange EMAIL = new RenameColumn("users-email", USERS, "mail", "email", "test");

	private static final RowChange REGION = region("country");

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private final Backfill backfill = Fixture.backfill(this.database.dataSource(), 100);

	private static RowChange region(String source) {
		return new AddColumn("users-region", USERS, "region", "text",
				new Conversion("upper(" + source + ")", List.of(source), List.of("upper(", ")")), null, "User.region");
	}

	private void users(String key, int rows) {
		this.jdbc.execute("CREATE TABLE users (" + key
				+ ", username text, handle text, mail text, email text, country text, region text)");
		this.jdbc.update("""
				INSERT INTO users (id, username, mail, country)
				SELECT i, 'name' || i, i || '@example.com', 'c' || i FROM generate_series(1, ?) i
				""", rows);
		this.jdbc.execute("""
				CREATE TABLE writes (id bigint);
				CREATE FUNCTION count_write() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN INSERT INTO writes VALUES (NEW.id); RETURN NULL; END $$;
				CREATE TRIGGER counting AFTER UPDATE ON users FOR EACH ROW EXECUTE FUNCTION count_write()
				""");
	}

	private void prepare() {
		this.backfill.prepare(HANDLE);
		this.backfill.prepare(EMAIL);
		this.backfill.prepare(REGION);
	}

	private long count(String condition) {
		return this.jdbc.queryForObject("SELECT count(*) FROM " + condition, Long.class);
	}

	private long unfilled() {
		return count("users WHERE handle IS DISTINCT FROM username OR email IS DISTINCT FROM mail "
				+ "OR region IS DISTINCT FROM upper(country)");
	}

	@ParameterizedTest
	@ValueSource(strings = { "id bigint PRIMARY KEY", "id bigint" })
	void aRowThatNeedsSeveralIsWrittenOnce(String key) {
		users(key, 1000);
		prepare();
		Fixture.finish(this.backfill, HANDLE, EMAIL, REGION);
		assertThat(unfilled()).isZero();
		assertThat(count("writes")).isEqualTo(1000);
		assertThat(List.of(HANDLE, EMAIL, REGION)).allSatisfy((change) -> {
			assertThat(this.backfill.progress(change).rowsCopied()).isEqualTo(1000);
			assertThat(this.backfill.progress(change).rowsDone()).isGreaterThanOrEqualTo(1000);
			assertThat(this.backfill.verify(change, Fixture.ALWAYS).clean()).isTrue();
		});
	}

	@ParameterizedTest
	@ValueSource(strings = { "id bigint PRIMARY KEY", "id bigint" })
	void aRowThatNeedsSomeIsGivenThose(String key) {
		users(key, 600);
		this.jdbc
			.execute("ALTER TABLE users DISABLE TRIGGER counting; UPDATE users SET handle = username WHERE id % 2 = 0;"
					+ "UPDATE users SET region = 'own' WHERE id % 3 = 0; ALTER TABLE users ENABLE TRIGGER counting");
		prepare();
		Fixture.finish(this.backfill, HANDLE, EMAIL, REGION);
		assertThat(count("users WHERE handle = username AND email = mail AND region = CASE WHEN id % 3 = 0 "
				+ "THEN 'own' ELSE upper(country) END"))
			.isEqualTo(600);
		assertThat(this.backfill.progress(HANDLE).rowsCopied()).isEqualTo(300);
		assertThat(this.backfill.progress(EMAIL).rowsCopied()).isEqualTo(600);
		assertThat(this.backfill.progress(REGION).rowsCopied()).isEqualTo(400);
	}

	@Test
	void oneThatComesLaterSharesWhatIsLeft() {
		users("id bigint PRIMARY KEY", 10);
		this.jdbc.execute("INSERT INTO users (id, username, mail, country) SELECT i * 65536, 'n', 'm', 'c' "
				+ "FROM generate_series(1, 9) i");
		this.backfill.prepare(HANDLE);
		for (int range = 0; range < 4; range++) {
			this.backfill.work(HANDLE, Fixture.ALWAYS);
		}
		long before = count("writes");
		assertThat(before).isBetween(10L, 18L);
		this.jdbc.execute("INSERT INTO users (id, username, mail, country) VALUES (700000, 'n', 'm', 'c')");
		prepare();
		Fixture.finish(this.backfill, HANDLE, EMAIL, REGION);
		assertThat(unfilled()).isZero();
		assertThat(count("writes")).as("once, and once more where the first had been or did not come any more")
			.isLessThanOrEqualTo(20 + before + 1);
	}

	@Test
	void whatFailsOneDoesNotHoldTheOthers() {
		users("id bigint PRIMARY KEY", 500);
		this.jdbc.execute("ALTER TABLE users ADD CONSTRAINT no_c77 CHECK (region <> 'C77')");
		prepare();
		Fixture.finish(this.backfill, HANDLE, EMAIL);
		List<Filling> all = fillings(HANDLE, EMAIL, REGION);
		Fixture.await(() -> {
			this.backfill.work(all);
			return count("users WHERE region IS NULL") == 1 && !this.backfill.progress(REGION).errors().isEmpty();
		});
		assertThat(this.backfill.progress(REGION).errors()).singleElement()
			.satisfies((error) -> assertThat(error.sqlState()).isEqualTo("23514"));
		assertThat(this.backfill.complete(REGION)).isFalse();
		this.backfill.reset(HANDLE);
		this.jdbc.execute("UPDATE users SET handle = NULL");
		this.backfill.prepare(HANDLE);
		Fixture.await(() -> {
			this.backfill.work(all);
			return this.backfill.complete(HANDLE);
		});
		assertThat(this.backfill.progress(HANDLE).errors()).isEmpty();
		this.jdbc.execute("ALTER TABLE users DROP CONSTRAINT no_c77");
		Fixture.finish(this.backfill, HANDLE, EMAIL, REGION);
		assertThat(unfilled()).isZero();
	}

	@Test
	void aFailureTogetherIsNotBlamedOnTheOthers() {
		users("id bigint PRIMARY KEY", 500);
		this.jdbc.execute("ALTER TABLE users ADD CONSTRAINT no_c77 CHECK (region <> 'C77')");
		prepare();
		List<Filling> all = fillings(HANDLE, EMAIL, REGION);
		Fixture.await(() -> {
			this.backfill.work(all);
			return this.backfill.complete(HANDLE) && this.backfill.complete(EMAIL)
					&& count("users WHERE region IS NULL") == 1 && !this.backfill.progress(REGION).errors().isEmpty();
		});
		assertThat(this.backfill.progress(HANDLE).errors()).isEmpty();
		assertThat(this.backfill.progress(EMAIL).errors()).isEmpty();
		assertThat(this.backfill.progress(REGION).errors()).hasSize(1);
	}

	@Test
	void oneThatIsPausedOrLeavesItsPhaseIsLetGoAndTheOthersGoOn() {
		users("id bigint PRIMARY KEY", 1000);
		prepare();
		AtomicBoolean region = new AtomicBoolean(true);
		AtomicInteger batches = new AtomicInteger();
		this.backfill.work(List.of(new Filling(HANDLE, () -> {
			if (batches.incrementAndGet() == 4) {
				this.backfill.pause(EMAIL.id());
				region.set(false);
			}
			return true;
		}), new Filling(EMAIL, Fixture.ALWAYS), new Filling(REGION, region::get)));
		assertThat(count("users WHERE handle IS NOT NULL")).isEqualTo(1000);
		assertThat(count("users WHERE email IS NOT NULL")).isEqualTo(200);
		assertThat(count("users WHERE region IS NOT NULL")).isEqualTo(200);
		assertThat(this.backfill.progress(EMAIL).paused()).isTrue();
		this.backfill.resume(EMAIL.id());
		Fixture.finish(this.backfill, HANDLE, EMAIL, REGION);
		assertThat(unfilled()).isZero();
	}

	@Test
	void aClaimThatWasTakenOverIsLeftOut() {
		users("id bigint PRIMARY KEY", 500);
		prepare();
		AtomicInteger batches = new AtomicInteger();
		this.backfill.work(List.of(new Filling(HANDLE, () -> {
			if (batches.incrementAndGet() == 3) {
				this.jdbc.update(
						"""
								UPDATE expand_contract.backfill_range r SET fence = fence + 1 FROM expand_contract.backfill_job j
								WHERE j.id = r.job_id AND j.change_id = ?
								""",
						EMAIL.id());
			}
			return true;
		}), new Filling(EMAIL, Fixture.ALWAYS)));
		assertThat(count("users WHERE handle IS NOT NULL")).isEqualTo(500);
		assertThat(count("users WHERE email IS NOT NULL")).isEqualTo(100);
	}

	@Test
	void workersAndWritersMeetAndNothingIsLost() throws Exception {
		users("id bigint PRIMARY KEY", 3000);
		Fixture.createTrigger(this.jdbc, HANDLE);
		prepare();
		ExecutorService executor = Executors.newFixedThreadPool(4);
		CountDownLatch filled = new CountDownLatch(1);
		try {
			List<Future<?>> writers = IntStream.range(0, 2).<Future<?>>mapToObj((writer) -> executor.submit(() -> {
				while (filled.getCount() > 0) {
					this.jdbc.update("UPDATE users SET username = username || '.' WHERE id = ?",
							ThreadLocalRandom.current().nextInt(3000) + 1);
				}
			})).toList();
			List<Future<?>> workers = IntStream.range(0, 2)
				.<Future<?>>mapToObj((worker) -> executor.submit(
						() -> Fixture.finish(Fixture.backfill(this.database.dataSource(), 50), HANDLE, EMAIL, REGION)))
				.toList();
			for (Future<?> worker : workers) {
				worker.get(2, TimeUnit.MINUTES);
			}
			filled.countDown();
			for (Future<?> writer : writers) {
				writer.get(1, TimeUnit.MINUTES);
			}
		}
		finally {
			executor.shutdownNow();
		}
		assertThat(unfilled()).isZero();
		assertThat(count("users WHERE username LIKE '%.'")).isPositive();
	}

	@Test
	void oneReadingVerifiesAllThatAreFilled() {
		users("id bigint PRIMARY KEY", 100);
		prepare();
		Fixture.finish(this.backfill, HANDLE, REGION);
		this.jdbc.execute("UPDATE users SET region = NULL WHERE id IN (7, 8)");
		assertThat(this.backfill.verify(HANDLE, Fixture.ALWAYS).clean()).isTrue();
		assertThat(this.backfill.lastVerification(REGION)).hasValueSatisfying((verification) -> {
			assertThat(verification.rows()).isEqualTo(100);
			assertThat(verification.mismatches()).isEqualTo(2);
			assertThat(verification.sample()).containsExactlyInAnyOrder("7", "8");
		});
		assertThat(this.backfill.lastVerification(EMAIL)).as("it is not filled").isEmpty();
		this.jdbc.execute("UPDATE users SET region = 'own', handle = 'other' WHERE id = 7");
		assertThat(this.backfill.verify(HANDLE, Fixture.ALWAYS).sample()).containsExactly("7");
		assertThat(this.backfill.lastVerification(REGION)).as("it had been verified")
			.hasValueSatisfying((verification) -> assertThat(verification.mismatches()).isEqualTo(2));
	}

	@Test
	void whatCannotBeVerifiedDoesNotHoldTheOthers() {
		users("id bigint PRIMARY KEY", 10);
		prepare();
		Fixture.finish(this.backfill, HANDLE, REGION);
		this.jdbc.execute("ALTER TABLE users DROP COLUMN region");
		assertThat(this.backfill.verify(HANDLE, Fixture.ALWAYS).clean()).isTrue();
		assertThat(this.backfill.lastVerification(REGION)).isEmpty();
	}

	@Test
	void whatReadsWhatAnotherFillsDoesNotShareItsPass() {
		assertThat(Filling.together(fillings(HANDLE, EMAIL, region("handle"), REGION)))
			.extracting((group) -> group.stream().map((filling) -> filling.change().newColumns()).toList())
			.containsExactly(List.of(List.of("handle"), List.of("email"), List.of("region")),
					List.of(List.of("region")));
	}

	@Test
	void otherTablesHaveTheirOwn() {
		assertThat(Filling.together(fillings(HANDLE, Fixture.rename("public", "others", "a", "b")))).hasSize(2);
	}

	private static List<Filling> fillings(RowChange... changes) {
		return List.of(changes).stream().map((change) -> new Filling(change, Fixture.ALWAYS)).toList();
	}

}
