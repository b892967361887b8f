package io.github.expandcontract.jdbc;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

import javax.sql.DataSource;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.UnannotatedAccess;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.CallScope;
import io.github.expandcontract.phase.PhaseSnapshot;
import io.github.expandcontract.phase.Ticket;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.sql.SchemaView;
import io.github.expandcontract.testing.TestDatabase;

/**
 * A table with a change under way, and a data source that rewrites for it.
 */
final class Users {

	static final RenameColumn CHANGE = new RenameColumn("users-handle", new TableName("public", "users"), "username",
			"handle", "User.handle");

	static final SchemaView SCHEMA = new SchemaView(1, List.of("public"), Map.of(), Set.of(), Map.of(), Set.of());

	final TestDatabase database;

	final JdbcTemplate plain;

	final Admission admission;

	final RecordingListener listener = new RecordingListener();

	final StatementInterceptor interceptor;

	final ExpandContractDataSource dataSource;

	private long version;

	private Users(TestDatabase database, DataSource target, Duration patience) {
		this.database = database;
		this.admission = new Admission(patience);
		this.interceptor = new StatementInterceptor(this.admission, this.listener, TestRewriter::create);
		this.plain = database.jdbc();
		this.dataSource = new ExpandContractDataSource(target, this.interceptor);
	}

	static Users create() {
		return create(TestDatabase.create());
	}

	static Users create(TestDatabase database) {
		return create(database, Duration.ofMillis(200));
	}

	static Users create(TestDatabase database, Duration patience) {
		Users users = new Users(database, database.newSessions(), patience);
		users.plain.execute("DROP TABLE IF EXISTS users");
		users.plain.execute("CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, username text,"
				+ " handle text, email text)");
		users.activate(UnannotatedAccess.WARN);
		return users;
	}

	void activate(UnannotatedAccess access) {
		this.interceptor.activate(List.of(CHANGE), SyncMode.BOTH, access, SCHEMA);
	}

	PhaseSnapshot phase(Phase phase) {
		return this.admission.publish(Map.of(CHANGE.id(), phase), Map.of(CHANGE.id(), ++this.version));
	}

	@SuppressWarnings("try")
	<T> T call(Work<T> work) throws Exception {
		try (Ticket ticket = this.admission.admit(); CallScope scope = CallScope.open(ticket)) {
			return work.run();
		}
	}

	@FunctionalInterface
	interface Work<T> {

		T run() throws Exception;

	}

}
