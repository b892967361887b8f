package io.github.expandcontract.backfill;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.TableName;

import org.springframework.jdbc.core.JdbcTemplate;

/**
 * A rename of {@code username} to {@code handle}, with the sync trigger as production has
 * it.
 */
final class Fixture {

	static final ColumnChange USERS = rename("public", "users", "username", "handle");

	static final BooleanSupplier ALWAYS = () -> true;

	private Fixture() {
	}

	static ColumnChange rename(String schema, String table, String oldColumn, String newColumn) {
		return new RenameColumn("change-" + table, new TableName(schema, table), oldColumn, newColumn, "test");
	}

	static BackfillSettings settings(int batchSize, Duration lease) {
		return new BackfillSettings(batchSize, batchSize, Duration.ofSeconds(1), 1, lease, false,
				Duration.ofSeconds(1));
	}

	static void createUsers(JdbcTemplate jdbc, int rows) {
		jdbc.execute("CREATE TABLE users (id bigint PRIMARY KEY, username text, handle text)");
		jdbc.update("INSERT INTO users (id, username) SELECT i, 'name' || i FROM generate_series(1, ?) i", rows);
		createTrigger(jdbc, USERS);
	}

	static void createTrigger(JdbcTemplate jdbc, ColumnChange change) {
		jdbc.execute("""
				CREATE OR REPLACE FUNCTION sync_test() RETURNS trigger LANGUAGE plpgsql AS $$
				BEGIN
					IF current_setting('expand_contract.sync', true) = 'off' THEN RETURN NEW; END IF;
					IF TG_OP = 'INSERT' THEN
						IF NEW."%2$s" IS NULL THEN NEW."%2$s" := NEW."%1$s";
						ELSIF NEW."%1$s" IS NULL THEN NEW."%1$s" := NEW."%2$s"; END IF;
					ELSIF NEW."%1$s" IS DISTINCT FROM OLD."%1$s" AND NEW."%2$s" IS NOT DISTINCT FROM OLD."%2$s" THEN
						NEW."%2$s" := NEW."%1$s";
					ELSIF NEW."%2$s" IS DISTINCT FROM OLD."%2$s" AND NEW."%1$s" IS NOT DISTINCT FROM OLD."%1$s" THEN
						NEW."%1$s" := NEW."%2$s";
					END IF;
					RETURN NEW;
				END $$""".formatted(change.oldColumn(), change.newColumn()));
		jdbc.execute(
				"CREATE TRIGGER zz_sync BEFORE INSERT OR UPDATE OF \"%s\", \"%s\" ON %s FOR EACH ROW EXECUTE FUNCTION sync_test()"
					.formatted(change.oldColumn(), change.newColumn(), change.table().quoted()));
	}

	static Backfill backfill(DataSource dataSource, int batchSize) {
		Backfill backfill = new Backfill(dataSource, settings(batchSize, Duration.ofSeconds(30)));
		backfill.install();
		return backfill;
	}

	/** Works until complete; bounded so that a fault fails and does not hang. */
	static void finish(Backfill backfill, RowChange... changes) {
		List<Filling> fillings = Stream.of(changes).map((change) -> new Filling(change, ALWAYS)).toList();
		long end = System.nanoTime() + Duration.ofMinutes(10).toNanos();
		while (!Stream.of(changes).allMatch(backfill::complete)) {
			if (!backfill.work(fillings)) {
				LockSupport.parkNanos(1_000_000);
			}
			if (System.nanoTime() > end) {
				throw new AssertionError("Not complete: " + Stream.of(changes).map(backfill::progress).toList());
			}
		}
	}

	/**
	 * Polls until the condition holds; bounded so that a fault fails and does not hang.
	 */
	static void await(BooleanSupplier condition) {
		long end = System.nanoTime() + Duration.ofSeconds(60).toNanos();
		while (!condition.getAsBoolean()) {
			if (System.nanoTime() > end) {
				throw new AssertionError("The condition did not come true");
			}
			LockSupport.parkNanos(1_000_000);
		}
	}

	static long differing(JdbcTemplate jdbc, ColumnChange change) {
		Long count = jdbc.queryForObject("SELECT count(*) FROM %s WHERE \"%s\" IS DISTINCT FROM \"%s\""
			.formatted(change.table().quoted(), change.oldColumn(), change.newColumn()), Long.class);
		return (count != null) ? count : -1;
	}

}
