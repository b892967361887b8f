package io.github.expandcontract.jdbc;

import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.time.Duration;
import java.util.Locale;

import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.Ticket;
import io.github.expandcontract.sql.GeneratedKeys;
import io.github.expandcontract.sql.Rewriting;

/**
 * Measures the heap that is in use after ever more distinct texts, of which the cache
 * remembers 1,000.
 */
public final class MemoryReport {

	private static final int[] POINTS = { 0, 500, 1_000, 2_000, 10_000, 50_000, 100_000, 200_000 };

	private MemoryReport() {
	}

	/**
	 * Measures, and prints the rows of a table.
	 */
	public static void run() {
		Admission admission = new Admission(Duration.ofSeconds(1));
		StatementInterceptor interceptor = Texts.interceptor(admission);
		System.out.println("| distinct texts so far | heap in use after a collection, kB |");
		System.out.println("|---:|---:|");
		try (Ticket ticket = admission.admit()) {
			// What is loaded and allocated once, by the first of all texts.
			rewrite(interceptor, ticket, -1);
			usedAfterCollection();
			int seen = 0;
			for (int point : POINTS) {
				while (seen < point) {
					rewrite(interceptor, ticket, seen++);
				}
				System.out.printf(Locale.ROOT, "| %,d | %,d |%n", point, usedAfterCollection() / 1024);
			}
		}
	}

	private static void rewrite(StatementInterceptor interceptor, Ticket ticket, int number) {
		String sql = "SELECT id, handle, email FROM users WHERE handle = 'name-" + number
				+ "' ORDER BY handle LIMIT 10";
		RuleBook book = interceptor.book();
		if (book == null
				|| !(book.rules(ticket.snapshot()).rewrite(sql, GeneratedKeys.NONE) instanceof Rewriting.Rewritten)) {
			throw new IllegalStateException("Not rewritten: " + sql);
		}
	}

	private static long usedAfterCollection() {
		MemoryUsage usage = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
		for (int i = 0; i < 3; i++) {
			ManagementFactory.getMemoryMXBean().gc();
			usage = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
		}
		return usage.getUsed();
	}

}
