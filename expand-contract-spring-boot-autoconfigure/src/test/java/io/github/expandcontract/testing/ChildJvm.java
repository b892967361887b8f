package io.github.expandcontract.testing;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program in a process of its own, to be killed or to end by itself. It has the class
 * path of the tests and the flags by which a JVM that lives for some seconds costs least.
 */
public final class ChildJvm {

	private ChildJvm() {
	}

	/**
	 * Starts a program.
	 * @param main the class that has its main method
	 * @param log where its output goes
	 * @param arguments what it is given
	 * @return the process
	 * @throws IOException if there can be no such process
	 */
	public static Process start(Class<?> main, File log, String... arguments) throws IOException {
		return start(System.getProperty("java.class.path"), main, log, arguments);
	}

	/**
	 * Starts a program with another class path.
	 * @param classPath the class path
	 * @param main the class that has its main method
	 * @param log where its output goes
	 * @param arguments what it is given
	 * @return the process
	 * @throws IOException if there can be no such process
	 */
	public static Process start(String classPath, Class<?> main, File log, String... arguments) throws IOException {
		List<String> command = new ArrayList<>(
				List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-Xmx256m", "-Xshare:auto",
						"-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-cp", classPath, main.getName()));
		command.addAll(List.of(arguments));
		return new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log).start();
	}

	/**
	 * Kills a program, which has no chance to clean up, and waits until it is gone.
	 * @param process the process
	 * @throws InterruptedException if the wait is interrupted
	 */
	public static void kill(Process process) throws InterruptedException {
		if (!process.destroyForcibly().waitFor(30, TimeUnit.SECONDS)) {
			throw new AssertionError("The process " + process.pid() + " does not end");
		}
	}

}
