package io.github.expandcontract.sample.demo;

import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;

/**
 * The sample application in a JVM of its own, which can be killed.
 */
final class SampleProcess implements AutoCloseable {

	private final Process process;

	private final int port;

	private SampleProcess(Process process, int port) {
		this.process = process;
		this.port = port;
	}

	/**
	 * Starts the application.
	 * @param database the database to use
	 * @param phase the phase that its {@code application.yml} asks for
	 * @param log the file to log to
	 * @return the process, which is not ready yet
	 * @throws IOException if it cannot be started
	 */
	static SampleProcess start(DemoDatabase database, String phase, Path log) throws IOException {
		int port = freePort();
		ProcessBuilder builder = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
				"-Xmx256m", "-Xshare:auto", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-classpath",
				System.getProperty("java.class.path"), "io.github.expandcontract.sample.SampleApplication",
				"--server.port=" + port, "--spring.datasource.url=" + database.url(),
				"--spring.datasource.username=" + database.user(),
				"--spring.datasource.password=" + database.password(),
				"--expand-contract.changes.users-handle.phase=" + phase);
		builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.appendTo(new File(log.toString())));
		return new SampleProcess(builder.start(), port);
	}

	String address() {
		return "http://localhost:" + this.port;
	}

	boolean isAlive() {
		return this.process.isAlive();
	}

	/**
	 * Kills the process, which has no chance to clean up, and waits until it is gone.
	 */
	void kill() {
		this.process.destroyForcibly().onExit().join();
	}

	@Override
	public void close() {
		this.process.destroy();
		this.process.onExit().join();
	}

	private static int freePort() throws IOException {
		try (ServerSocket socket = new ServerSocket(0)) {
			return socket.getLocalPort();
		}
	}

}
