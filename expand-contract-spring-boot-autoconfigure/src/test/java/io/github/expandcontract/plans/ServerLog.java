package io.github.expandcontract.plans;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.Channels;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.expandcontract.postgres.OwnStatements;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A server of its own that writes down every statement, and what it wrote.
 */
final class ServerLog implements AutoCloseable {

	private static final Pattern ENTRY = Pattern.compile("(?m)^@@");

	private static final Pattern EXECUTED = Pattern
		.compile("(?s)^(\\w*),(\\d+),LOG:  (?:statement|execute [^:]*): (.*)$");

	private final String database;

	private final Path directory;

	private final EmbeddedPostgres server;

	private final List<Logged> statements = new ArrayList<>();

	private final Map<String, Integer> open = new HashMap<>();

	private final Set<Integer> rolledBack = new HashSet<>();

	private int transaction;

	private long position;

	private String unread = "";

	/**
	 * Starts the server.
	 * @param database the database whose statements are read
	 */
	ServerLog(String database) throws IOException {
		this.database = database;
		this.directory = Files.createTempDirectory("server-log");
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxrwxrwx"));
		this.server = EmbeddedPostgres.builder()
			.setPGStartupWait(Duration.ofSeconds(90))
			.setServerConfig("logging_collector", "on")
			.setServerConfig("log_directory", this.directory.toString())
			.setServerConfig("log_filename", "statements.log")
			.setServerConfig("log_file_mode", "0644")
			.setServerConfig("log_statement", "all")
			.setServerConfig("log_line_prefix", "@@%d,%p,")
			.setServerConfig("lc_messages", "C")
			// It would take a lock now and then, and analyze what is ours to analyze
			.setServerConfig("autovacuum", "off")
			.start();
	}

	EmbeddedPostgres server() {
		return this.server;
	}

	/**
	 * The statements of a database in the order in which they were executed, but for
	 * those that were rolled back. The last entry of the log may still be written and is
	 * left for the next time.
	 * @param from how many of them are known already
	 */
	List<Logged> statements(int from) {
		String text = this.unread + unread();
		int end = Math.max(0, text.lastIndexOf("@@"));
		this.unread = text.substring(end);
		ENTRY.splitAsStream(text.substring(0, end)).forEach(this::read);
		return this.statements.stream()
			.skip(from)
			.filter((statement) -> !this.rolledBack.contains(statement.transaction()))
			.toList();
	}

	private void read(String entry) {
		Matcher matcher = EXECUTED.matcher(entry.stripTrailing().replace("\n\t", "\n"));
		if (!matcher.matches() || !matcher.group(1).equals(this.database)) {
			return;
		}
		String session = matcher.group(2);
		String sql = matcher.group(3);
		switch (sql) {
			case "BEGIN" -> this.open.put(session, ++this.transaction);
			case "COMMIT" -> this.open.remove(session);
			case "ROLLBACK" -> {
				Integer ended = this.open.remove(session);
				if (ended != null) {
					this.rolledBack.add(ended);
				}
			}
			default -> {
				Integer within = this.open.get(session);
				this.statements
					.add(new Logged(this.statements.size(), sql.replace(" " + OwnStatements.MARK, "").stripTrailing(),
							sql.contains(OwnStatements.MARK), (within != null) ? within : ++this.transaction));
			}
		}
	}

	/**
	 * A statement of the log.
	 *
	 * @param number the how manieth it is
	 * @param sql its text, without the comment that marks ours
	 * @param ours whether it has that comment
	 * @param transaction a number that the statements of one transaction have in common
	 */
	record Logged(int number, String sql, boolean ours, int transaction) {

	}

	private String unread() {
		Path file = this.directory.resolve("statements.log");
		try (SeekableByteChannel channel = Files.newByteChannel(file)) {
			channel.position(this.position);
			byte[] bytes = Channels.newInputStream(channel).readAllBytes();
			this.position += bytes.length;
			return new String(bytes, StandardCharsets.UTF_8);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	@Override
	public void close() throws IOException {
		this.server.close();
	}

}
