package io.github.expandcontract.sample.demo;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;

import org.jspecify.annotations.Nullable;

/**
 * What is seen while the demo runs: on a terminal one line that is refreshed, else a line
 * every other second.
 */
final class Progress {

	private static final Duration INTERVAL = Duration.ofSeconds(2);

	private static final int WIDTH = 79;

	private final PrintStream out;

	private final boolean terminal;

	private final long begin = System.nanoTime();

	private @Nullable Traffic traffic;

	private long shownAt = this.begin - INTERVAL.toNanos();

	private boolean lineIsOpen;

	/**
	 * Creates a display.
	 * @param out where to write
	 * @param terminal whether a line can be written over
	 */
	Progress(PrintStream out, boolean terminal) {
		this.out = out;
		this.terminal = terminal;
	}

	synchronized void watch(Traffic traffic) {
		this.traffic = traffic;
	}

	synchronized void headline(String title) {
		clear();
		this.out.println();
		this.out.println("== " + title);
	}

	synchronized void say(String text) {
		clear();
		this.out.println("   " + text);
		this.out.flush();
	}

	synchronized void print(String text) {
		clear();
		this.out.println(text);
		this.out.flush();
	}

	synchronized void show(String change, ChangeStatus status) {
		String line = line(change, status);
		if (this.terminal) {
			String text = (line.length() > WIDTH) ? line.substring(0, WIDTH) : line;
			this.out.print("\r" + text + " ".repeat(WIDTH - text.length()));
			this.lineIsOpen = true;
		}
		else if (System.nanoTime() - this.shownAt >= INTERVAL.toNanos()) {
			this.shownAt = System.nanoTime();
			this.out.println(line);
		}
		this.out.flush();
	}

	private String line(String change, ChangeStatus status) {
		long seconds = Duration.ofNanos(System.nanoTime() - this.begin).toSeconds();
		StringBuilder line = new StringBuilder(
				String.format(Locale.ROOT, "%d:%02d %s %s", seconds / 60, seconds % 60, change, status.phase()));
		if (status.rowsTotal() > 0) {
			line.append(String.format(Locale.ROOT, " %,d/%,d rows", status.rowsDone(), status.rowsTotal()));
		}
		if (status.rowsPerSecond() > 0 && status.rowsDone() < status.rowsTotal()) {
			line.append(
					String.format(Locale.ROOT, " %.0fk/s ETA %ds", status.rowsPerSecond() / 1000, status.etaSeconds()));
		}
		if (this.traffic != null) {
			line.append(String.format(Locale.ROOT, ", %,d requests, %,d errors", this.traffic.requests(),
					this.traffic.failed()));
		}
		return line.toString();
	}

	private void clear() {
		if (this.lineIsOpen) {
			this.out.print("\r" + " ".repeat(WIDTH) + "\r");
			this.lineIsOpen = false;
		}
	}

}
