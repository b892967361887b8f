package io.github.expandcontract.testing;

import java.util.Objects;

import org.springframework.jdbc.core.JdbcOperations;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * The major version of the server under test, for what the older ones do not have. A test
 * prefers to leave out the line that needs a newer server; where nothing would be left of
 * it, it is skipped with the reason.
 */
public final class ServerVersion {

	private ServerVersion() {
	}

	/**
	 * The major version.
	 * @param jdbc any database of the server
	 * @return a number such as 18
	 */
	public static int of(JdbcOperations jdbc) {
		return Objects.requireNonNull(
				jdbc.queryForObject("SELECT current_setting('server_version_num')::int / 10000", Integer.class));
	}

	/**
	 * Gives what only a newer server understands.
	 * @param major the version that it came with
	 * @param jdbc any database of the server
	 * @param newer what is understood from then on
	 * @param older what stands in its place before
	 * @return the one that the server understands
	 */
	public static String since(int major, JdbcOperations jdbc, String newer, String older) {
		return (of(jdbc) >= major) ? newer : older;
	}

	/**
	 * Skips the rest of a test on an older server.
	 * @param major the version that the feature came with
	 * @param jdbc any database of the server
	 * @param feature what the test is about
	 */
	public static void assume(int major, JdbcOperations jdbc, String feature) {
		int present = of(jdbc);
		assumeTrue(present >= major, () -> feature + " came with PostgreSQL " + major + "; this is " + present);
	}

}
