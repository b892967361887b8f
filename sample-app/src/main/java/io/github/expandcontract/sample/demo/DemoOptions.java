package io.github.expandcontract.sample.demo;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What can be said by system properties.
 *
 * @param rows {@code demo.rows}, the number of users to seed
 * @param serve {@code demo.seconds}, how long each phase serves traffic at least
 * @param stepTimeout {@code demo.step-timeout}, how many seconds a step may take
 * @param backfillTimeout {@code demo.backfill-timeout}, how many seconds a backfill may
 * take
 * @param currentClients {@code demo.clients}, the number of clients of the new release
 * @param previousClients {@code demo.previous-clients}, those of the previous release
 * @param report {@code demo.report}, the file to write
 * @param url {@code spring.datasource.url}, an external database, else one is brought
 * along
 * @param user {@code spring.datasource.username}
 * @param password {@code spring.datasource.password}
 */
record DemoOptions(int rows, Duration serve, Duration stepTimeout, Duration backfillTimeout, int currentClients,
		int previousClients, Path report, @Nullable String url, String user, String password) {

	DemoOptions {
		if (rows < 10 * Client.CONTENDED) {
			throw new IllegalArgumentException("demo.rows must be at least " + 10 * Client.CONTENDED);
		}
		if (currentClients < 1 || previousClients < 1) {
			throw new IllegalArgumentException("demo.clients and demo.previous-clients must be at least 1");
		}
	}

	static DemoOptions fromSystemProperties() {
		return new DemoOptions(Integer.getInteger("demo.rows", 1_000_000),
				Duration.ofSeconds(Integer.getInteger("demo.seconds", 5)),
				Duration.ofSeconds(Integer.getInteger("demo.step-timeout", 60)),
				Duration.ofSeconds(Integer.getInteger("demo.backfill-timeout", 150)),
				Integer.getInteger("demo.clients", 5), Integer.getInteger("demo.previous-clients", 3),
				Path.of(System.getProperty("demo.report", "target/demo-report.json")),
				System.getProperty("spring.datasource.url"),
				System.getProperty("spring.datasource.username", "postgres"),
				System.getProperty("spring.datasource.password", ""));
	}

}
