package io.github.expandcontract.lifecycle;

import java.util.List;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.Phase;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/**
 * What a user can get wrong, and what the application says then. Nothing is touched
 * before it is refused.
 */
class BadInputIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	@Test
	void unknownOldColumnStopsTheStartAndNamesWhatIsThere() {
		migrate("ALTER TABLE users RENAME COLUMN username TO user_name");
		ExpandContractException refusal = refusedStart();
		assertThat(refusal.getDescription()).contains("username").contains("users");
		assertThat(refusal.getMessage()).contains("user_name");
		assertUntouched("id", "user_name", "email");
	}

	@Test
	void unknownTableStopsTheStart() {
		migrate("ALTER TABLE users RENAME TO people");
		assertThat(refusedStart().getDescription()).contains("users");
	}

	@Test
	void foreignColumnUnderTheNewNameStopsTheStart() {
		migrate("ALTER TABLE users ADD COLUMN handle integer");
		assertThat(refusedStart().getDescription()).contains("handle");
		assertUntouched("id", "username", "email", "handle");
	}

	@Test
	void unknownChangeIdStopsTheStartAndNamesTheKnownOnes() {
		migrate("SELECT 1");
		ExpandContractException refusal = refusedStart("expand-contract.changes.users-handel.phase=dual-write");
		assertThat(refusal.getDescription()).contains("users-handel");
		assertThat(refusal.getMessage()).contains("users-handle");
		assertUntouched("id", "username", "email");
	}

	@Test
	void missingPrivilegeStopsTheStartAndNamesTheGrant() {
		migrate("CREATE ROLE app_" + System.nanoTime() + " LOGIN");
		String role = this.plain.queryForObject("SELECT max(rolname) FROM pg_roles WHERE rolname LIKE 'app_%'",
				String.class);
		this.plain.execute("GRANT ALL ON ALL TABLES IN SCHEMA public TO " + role);
		this.plain.execute("GRANT USAGE ON SCHEMA public TO " + role);
		ExpandContractException refusal = refusedStart(
				"spring.datasource.url=" + this.database.url().replaceAll("user=[^&]*", "user=" + role),
				"spring.flyway.enabled=false");
		assertThat(refusal.getMessage()).containsAnyOf("GRANT", "OWNER TO").contains(role);
		assertUntouched("id", "username", "email");
	}

	@Test
	void tableWithoutPrimaryKeyWorks() {
		migrate("ALTER TABLE users DROP CONSTRAINT users_pkey");
		this.plain.execute("INSERT INTO users (username) SELECT 'seed' || i FROM generate_series(1, 3000) i");
		try (ConfigurableApplicationContext context = LifecycleApplication.start(this.database)) {
			LifecycleApplication.WALK.to(Phase.SWITCH_READS, context);
			assertThat(context.getBean(UserRepository.class).existsByHandle("seed77")).isTrue();
			assertThat(this.plain.queryForList("SELECT 1 FROM users WHERE handle IS DISTINCT FROM username")).isEmpty();
			LifecycleApplication.WALK.to(Phase.CONTRACT, context);
			assertThat(context.getBean(UserRepository.class).existsByHandle("seed77")).isTrue();
		}
	}

	@Test
	void statementThatIsNotUnderstoodIsRefusedWithTextReasonAndWayOut() {
		migrate("SELECT 1");
		try (ConfigurableApplicationContext context = LifecycleApplication.start(this.database)) {
			Throwable thrown = catchThrowable(() -> context.getBean(UserQueries.class).nonsense());
			assertThat(messages(thrown)).contains("SELECT username FROM users LIMIT 1").contains("handle");
		}
	}

	private void migrate(String andThen) {
		LifecycleApplication.start(this.database, "expand-contract.enabled=false").close();
		this.plain.execute(andThen);
	}

	private ExpandContractException refusedStart(String... properties) {
		Throwable thrown = catchThrowable(() -> LifecycleApplication.start(this.database, properties).close());
		assertThat(thrown).isNotNull();
		return NestedExceptionUtils.getRootCause(thrown) instanceof ExpandContractException root ? root
				: findRefusal(thrown);
	}

	private static ExpandContractException findRefusal(Throwable thrown) {
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			if (cause instanceof ExpandContractException refusal) {
				return refusal;
			}
		}
		throw new AssertionError("No refusal of ours", thrown);
	}

	private static String messages(Throwable thrown) {
		StringBuilder messages = new StringBuilder();
		for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
			messages.append(cause.getMessage()).append('\n');
		}
		return messages.toString();
	}

	private void assertUntouched(String... columns) {
		List<String> present = this.plain.queryForList("""
				SELECT attname FROM pg_attribute
				 WHERE attrelid = 'users'::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum""",
				String.class);
		assertThat(present).containsExactly(columns);
		assertThat(this.plain.queryForObject("SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal", Long.class))
			.isZero();
	}

}
