package io.github.expandcontract.sample.demo;

import java.nio.file.Path;
import java.time.Duration;

import org.jspecify.annotations.Nullable;

/**
 * What can be said by system properties.
 *
 * @param rows {@code demo.rows}, the number of users to seed, with an order for every
 * fifth
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
		return new DemoOptions(number("demo.rows", 1_000_000), Duration.ofSeconds(number("demo.seconds", 5)),
				Duration.ofSeconds(number("demo.step-timeout", 60)),
				Duration.ofSeconds(number("demo.backfill-timeout", 150)), number("demo.clients", 5),
				number("demo.previous-clients", 3), Path.of(text("demo.report", "target/demo-report.json")),
				setting("spring.datasource.url"), text("spring.datasource.username", "postgres"),
				text("spring.datasource.password", ""));
	}

	private static int number(String name, int preset) {
		String value = setting(name);
		return (value != null) ? Integer.parseInt(value) : preset;
	}

	private static String text(String name, String preset) {
		String value = setting(name);
		return (value != null) ? value : preset;
	}

	private static @Nullable String setting(String name) {
		String value = System.getProperty(name);
		return (value != null && !value.isBlank()) ? value : null;
	}

}
