package io.github.expandcontract.schema;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Pattern;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DelegatingDataSource;

import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Gives connections of which one is cut off right after a certain statement, as a kill
 * does: the server has carried it out, nobody hears of it, and nothing runs any more.
 * What counts is a commit and each statement that may change something. After one that
 * only reads, or tries something on a temporary table, a cut leaves what it leaves after
 * the one before.
 */
final class Interrupting extends DelegatingDataSource {

	private static final Pattern CHANGES_NOTHING = Pattern.compile(
			"\\s*(SELECT|SHOW|SET|LOCK|EXPLAIN|SAVEPOINT|ROLLBACK TO|RELEASE|WITH(?!.*\\b(INSERT|UPDATE|DELETE|MERGE)\\b))\\b.*|.*\\bpg_temp\\..*",
			Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

	private static final Pattern GOES_ON = Pattern
		.compile("getConnection|prepareStatement|createStatement|commit|setAutoCommit|execute.*");

	private final Predicate<String> cuts;

	private volatile boolean interrupted;

	private volatile String last = "";

	private Interrupting(DataSource target, Predicate<String> cuts) {
		super(target);
		this.cuts = cuts;
	}

	/**
	 * Cuts off behind the statement of that number.
	 */
	Interrupting(DataSource target, int after) {
		this(target, counting(after));
	}

	private static Predicate<String> counting(int after) {
		AtomicInteger left = new AtomicInteger(after);
		return (statement) -> left.decrementAndGet() == 0;
	}

	/**
	 * Does work again and again on what is left by the cut before, until it comes through
	 * and was cut off once behind every statement that it has run.
	 * @param target the database
	 * @param work what a start does, the first one and those after a kill
	 * @param afterwards what has to be so after each cut
	 * @return the number of cuts
	 */
	static int everywhere(DataSource target, Consumer<Ddl> work, Runnable afterwards) {
		Set<String> seen = new HashSet<>();
		while (true) {
			Map<String, Integer> times = new HashMap<>();
			Interrupting dataSource = new Interrupting(target,
					(statement) -> seen.add(statement + times.merge(statement, 1, Integer::sum)));
			try {
				work.accept(new Ddl(dataSource, new LockRetry(Duration.ofMillis(500), 3, Duration.ofMillis(10))));
			}
			catch (RuntimeException ex) {
				assertThat(ex).hasRootCauseInstanceOf(SQLException.class);
				assertThat(dataSource.interrupted()).as(() -> String.valueOf(ex)).isTrue();
			}
			afterwards.run();
			if (!dataSource.interrupted()) {
				return seen.size();
			}
		}
	}

	boolean interrupted() {
		return this.interrupted;
	}

	@Override
	public Connection getConnection() throws SQLException {
		requireGoesOn("getConnection");
		Connection connection = super.getConnection();
		return proxy(Connection.class, connection, connection, null);
	}

	private void requireGoesOn(String method) throws SQLException {
		if (this.interrupted && GOES_ON.matcher(method).matches()) {
			throw new SQLException("Nothing runs after the cut", "08006");
		}
	}

	/**
	 * What a call has done to the database, if anything.
	 */
	private @Nullable String change(String method, @Nullable String sql) {
		if (method.equals("commit")) {
			return "commit of " + this.last;
		}
		if (!method.startsWith("execute") || (sql != null && CHANGES_NOTHING.matcher(sql).matches())) {
			return null;
		}
		this.last = (sql != null) ? sql : method;
		return this.last;
	}

	private <T> T proxy(Class<T> type, Object target, Connection connection, @Nullable String prepared) {
		return type
			.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] { type }, (self, method, args) -> {
				requireGoesOn(method.getName());
				Object result;
				try {
					result = method.invoke(target, args);
				}
				catch (InvocationTargetException ex) {
					throw ex.getCause();
				}
				String sql = (args != null && args.length > 0 && args[0] instanceof String text) ? text : prepared;
				String change = change(method.getName(), sql);
				if (change != null && this.cuts.test(change)) {
					this.interrupted = true;
					connection.abort(Runnable::run);
					throw new SQLException("The connection was cut off", "08006");
				}
				return (result instanceof Statement statement && method.getReturnType().isInterface())
						? proxy(method.getReturnType(), statement, connection, sql) : result;
			}));
	}

}
