package io.github.expandcontract.plans;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import io.github.expandcontract.postgres.OwnStatements;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;

/**
 * A server of its own that writes down every statement, and what it wrote.
 */
final class ServerLog implements AutoCloseable {

	private final Path directory;

	private final EmbeddedPostgres server;

	ServerLog() throws IOException {
		this.directory = Files.createTempDirectory("server-log");
		Files.setPosixFilePermissions(this.directory, PosixFilePermissions.fromString("rwxrwxrwx"));
		this.server = EmbeddedPostgres.builder()
			.setPGStartupWait(Duration.ofSeconds(90))
			.setServerConfig("logging_collector", "on")
			.setServerConfig("log_directory", this.directory.toString())
			.setServerConfig("log_filename", "statements.log")
			.setServerConfig("log_file_mode", "0644")
			.setServerConfig("log_statement", "all")
			.setServerConfig("log_line_prefix", "@@%d")
			.setServerConfig("lc_messages", "C")
			// It would take a lock now and then, and analyze what is ours to analyze
			.setServerConfig("autovacuum", "off")
			.start();
	}

	EmbeddedPostgres server() {
		return this.server;
	}

	/**
	 * The statements of a database in the order in which they were executed, without the
	 * comment that marks ours.
	 */
	List<String> statements(String database) {
		Pattern executed = Pattern.compile("(?s)^" + database + "LOG:  (?:statement|execute [^:]*): (.*)$");
		List<String> statements = new ArrayList<>();
		for (String entry : Pattern.compile("(?m)^@@").splitAsStream(text()).toList()) {
			Matcher matcher = executed.matcher(entry.stripTrailing().replace("\n\t", "\n"));
			if (matcher.matches()) {
				statements.add(matcher.group(1).replace(" " + OwnStatements.MARK, "").stripTrailing());
			}
		}
		return statements;
	}

	private String text() {
		try (Stream<Path> files = Files.list(this.directory)) {
			StringBuilder text = new StringBuilder();
			for (Path file : files.sorted().toList()) {
				text.append(Files.readString(file));
			}
			return text.toString();
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
