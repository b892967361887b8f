package io.github.expandcontract.sample.demo;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ComparisonIntegrationTests {

	private static final Seed SEED = new Seed(1000);

	private static DemoDatabase database;

	private final Ledger ledger = new Ledger(SEED);

	@BeforeAll
	static void start() throws SQLException {
		database = DemoDatabase.start(new DemoOptions(4000, Duration.ZERO, Duration.ZERO, Duration.ZERO, 1, 1,
				Path.of("unused"), null, "postgres", ""));
		database.seed(SEED);
	}

	@AfterAll
	static void stop() {
		database.close();
	}

	@BeforeEach
	void reset() throws SQLException {
		execute("TRUNCATE users");
		execute(SEED.sql());
	}

	@Test
	void findsNoDifferenceInSeededRows() throws SQLException {
		Comparison comparison = compare();
		assertThat(comparison.rows()).isEqualTo(1000);
		assertThat(comparison.mismatches()).isZero();
		assertThat(comparison.comparedColumns()).containsExactly("username");
	}

	@Test
	void findsNoDifferenceInWhatTheTrafficWrote() throws SQLException {
		LedgerRow row = this.ledger.seeded(7);
		execute("UPDATE users SET username = '" + row.handle().issue() + "' WHERE id = 7");
		row.handle().commit();
		LedgerRow deleted = this.ledger.seeded(8);
		deleted.beginDelete();
		execute("DELETE FROM users WHERE id = 8");
		deleted.endDelete();
		assertThat(compare().mismatches()).isZero();
	}

	@Test
	void findsAWriteThatTheDatabaseLost() throws SQLException {
		LedgerRow row = this.ledger.seeded(7);
		row.handle().issue();
		row.handle().commit();
		assertDiffers("Row 7, column username");
	}

	@Test
	void findsAValueThatNobodyWrote() throws SQLException {
		execute("UPDATE users SET email = 'x' WHERE id = 999");
		assertDiffers("Row 999");
	}

	@Test
	void findsARowThatNobodyWrote() throws SQLException {
		execute("INSERT INTO users (id, username, email) VALUES (5000, 'x', 'x')");
		assertDiffers("which nobody wrote");
	}

	@Test
	void findsASeededRowThatIsMissing() throws SQLException {
		execute("DELETE FROM users WHERE id = 1000");
		assertDiffers("Row 1000 is missing");
	}

	@Test
	void findsACreatedRowThatIsMissing() throws SQLException {
		this.ledger.announce("client-0-0");
		this.ledger.created("client-0-0", new Seen(1001, "client-0-0", "client-0-0@example.org", 0));
		assertDiffers("Row 1001 is missing");
	}

	@Test
	void findsADeletedRowThatIsStillThere() throws SQLException {
		LedgerRow row = this.ledger.seeded(7);
		row.beginDelete();
		row.endDelete();
		assertDiffers("it was deleted");
	}

	@Test
	void comparesBothColumnsWhereBothExist() throws SQLException {
		execute("ALTER TABLE users ADD COLUMN handle varchar(100)");
		try {
			execute("UPDATE users SET handle = username WHERE id <> 7");
			assertDiffers("Row 7");
			execute("UPDATE users SET handle = 'user-8' WHERE id = 7");
			assertDiffers("Row 7");
			execute("UPDATE users SET handle = username");
			Comparison comparison = compare();
			assertThat(comparison.mismatches()).isZero();
			assertThat(comparison.comparedColumns()).containsExactlyInAnyOrder("username", "handle");
		}
		finally {
			execute("ALTER TABLE users DROP COLUMN handle");
		}
	}

	private void assertDiffers(String difference) throws SQLException {
		Comparison comparison = compare();
		assertThat(comparison.mismatches()).isEqualTo(1);
		assertThat(comparison.differences()).singleElement().asString().contains(difference);
	}

	private Comparison compare() throws SQLException {
		Comparison comparison = new Comparison(this.ledger);
		try (Connection connection = database.connect()) {
			comparison.run(connection);
		}
		return comparison;
	}

	private static void execute(String sql) throws SQLException {
		try (Connection connection = database.connect(); Statement statement = connection.createStatement()) {
			statement.execute(sql);
		}
	}

}
