package io.github.expandcontract.benchmark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserPrincipalNotFoundException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import org.springframework.util.FileSystemUtils;

/**
 * A PostgreSQL with the settings of a server that keeps its promises, in a directory of
 * its own, until closed. Its programs refuse to run as root, so there they run as the
 * user {@code postgres.user}.
 */
final class TemporaryCluster implements AutoCloseable {

	static final String SUPERUSER = "postgres";

	private static final long PATIENCE_SECONDS = 120;

	private final Path programs;

	private final Path directory;

	private final List<String> prefix;

	private final int port;

	private boolean started;

	private TemporaryCluster(Path programs, Path directory, List<String> prefix, int port) {
		this.programs = programs;
		this.directory = directory;
		this.prefix = prefix;
		this.port = port;
	}

	/**
	 * Starts a cluster.
	 * @param programs directory of {@code initdb} and {@code pg_ctl}
	 * @return the cluster
	 * @throws BenchmarkRefusedException if it cannot be started here
	 */
	static TemporaryCluster start(String programs) {
		Path path = Path.of(programs);
		if (!Files.isExecutable(path.resolve("initdb")) || !Files.isExecutable(path.resolve("pg_ctl"))) {
			throw new BenchmarkRefusedException(
					"There is no initdb and pg_ctl in \"" + programs + "\", which -Dpostgres.bin names.");
		}
		try {
			Path directory = Files.createTempDirectory("expand-contract-benchmark");
			if (Files.getFileStore(directory).type().equals("tmpfs")) {
				Files.delete(directory);
				throw new BenchmarkRefusedException("The directory for temporary files lies in memory, where fsync "
						+ "costs nothing. Give one on a disk with JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=<directory>.");
			}
			TemporaryCluster cluster = new TemporaryCluster(path, directory, prefix(directory), freePort());
			Runtime.getRuntime().addShutdownHook(new Thread(cluster::stop, "stop-cluster"));
			cluster.start();
			return cluster;
		}
		catch (IOException ex) {
			throw new UncheckedIOException("The temporary cluster did not start", ex);
		}
	}

	private static List<String> prefix(Path directory) throws IOException {
		if (!"root".equals(System.getProperty("user.name"))) {
			return List.of();
		}
		String user = Settings.text("postgres.user", "postgres");
		try {
			Files.setOwner(directory,
					directory.getFileSystem().getUserPrincipalLookupService().lookupPrincipalByName(user));
		}
		catch (UserPrincipalNotFoundException ex) {
			throw new BenchmarkRefusedException("PostgreSQL does not run as root, and there is no user \"" + user
					+ "\". Name one with -Dpostgres.user, or run the benchmark as another user than root.", ex);
		}
		return List.of("runuser", "-u", user, "--");
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
			return socket.getLocalPort();
		}
	}

	private void start() {
		run("initdb", "--pgdata=" + data(), "--username=" + SUPERUSER, "--auth=trust", "--encoding=UTF8",
				"--no-instructions");
		this.started = true;
		// No checkpoint by time or by size falls into one half of a comparison.
		run("pg_ctl", "start", "-w", "-D", data(), "-l", this.directory.resolve("log").toString(), "-o",
				"-p " + this.port + " -c listen_addresses=127.0.0.1 -c unix_socket_directories=''"
						+ " -c fsync=on -c synchronous_commit=on -c full_page_writes=on"
						+ " -c shared_buffers=128MB -c checkpoint_timeout=1h -c max_wal_size=4GB");
	}

	private String data() {
		return this.directory.resolve("data").toString();
	}

	String url() {
		return "jdbc:postgresql://127.0.0.1:" + this.port + "/postgres";
	}

	private void run(String program, String... arguments) {
		List<String> command = new ArrayList<>(this.prefix);
		command.add(this.programs.resolve(program).toString());
		command.addAll(List.of(arguments));
		Path output = this.directory.resolveSibling(this.directory.getFileName() + "-" + program + ".out");
		try {
			Process process = new ProcessBuilder(command).directory(this.directory.toFile())
				.redirectErrorStream(true)
				.redirectOutput(output.toFile())
				.start();
			if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
				process.destroy();
				throw new IllegalStateException(program + " took longer than " + PATIENCE_SECONDS + " seconds");
			}
			if (process.exitValue() != 0) {
				throw new IllegalStateException(
						program + " failed: " + Files.readString(output, Charset.defaultCharset()));
			}
		}
		catch (IOException ex) {
			throw new UncheckedIOException(program + " could not be run", ex);
		}
		catch (InterruptedException ex) {
			Thread.currentThread().interrupt();
			throw new IllegalStateException(program + " was interrupted", ex);
		}
		finally {
			output.toFile().delete();
		}
	}

	private synchronized void stop() {
		if (!Files.exists(this.directory)) {
			return;
		}
		try {
			if (this.started) {
				this.started = false;
				run("pg_ctl", "stop", "-w", "-m", "fast", "-D", data());
			}
			FileSystemUtils.deleteRecursively(this.directory);
		}
		catch (IOException ex) {
			throw new UncheckedIOException(this.directory + " could not be deleted", ex);
		}
	}

	@Override
	public void close() {
		stop();
	}

}
