package io.github.expandcontract.sample.demo;

import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

import io.github.expandcontract.Phase;
import io.github.expandcontract.sample.SampleApplication;

import org.springframework.boot.Banner;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.boot.logging.LoggingSystem;
import org.springframework.context.ConfigurableApplicationContext;

/**
 * Takes three changes through a live database with a million users, and shows that
 * nothing is lost: {@code users.username} becomes {@code users.handle}, the price of an
 * order in cents becomes a decimal, and every order gets a shipping method.
 *
 * <ol>
 * <li>A PostgreSQL is started and filled with users and orders in the old schema.</li>
 * <li>A stand-in for the previous release is started and put under traffic, and then the
 * new release (the sample application) beside it.</li>
 * <li>The changes are walked through their phases together, forwards and backwards.</li>
 * <li>Every row is compared with what the traffic wrote.</li>
 * </ol>
 *
 * The exit code is 0 only if every step was reached, no request failed and no row
 * differs.
 */
public final class Demo {

	private static final List<String> CHANGES = List.of("users-handle", "orders-price-decimal",
			"orders-shipping-method");

	private final DemoOptions options;

	private final Progress progress;

	/**
	 * Creates a demo.
	 * @param options what to run
	 * @param progress where to show it
	 */
	Demo(DemoOptions options, Progress progress) {
		this.options = options;
		this.progress = progress;
	}

	/**
	 * Runs the demo and ends the JVM.
	 * @param args are ignored, see {@link DemoOptions}
	 */
	public static void main(String[] args) {
		// the server may close a connection that was idle for longer
		System.setProperty("jdk.httpclient.keepalive.timeout", "5");
		// nothing but the display before Spring Boot sets logging up
		LoggingSystem.get(Demo.class.getClassLoader()).beforeInitialize();
		boolean passed = false;
		try {
			Progress progress = new Progress(System.out, Terminal.isOutput());
			passed = new Demo(DemoOptions.fromSystemProperties(), progress).run();
		}
		catch (Exception ex) {
			System.out.println();
			System.out.println("The demo could not run: " + ex.getMessage());
			ex.printStackTrace(System.out);
		}
		System.out.flush();
		System.exit(passed ? 0 : 1);
	}

	/**
	 * Runs the demo.
	 * @return whether every step was reached, no request failed and no row differs
	 * @throws IOException if the report cannot be written
	 * @throws SQLException if the database cannot be seeded or compared
	 */
	boolean run() throws IOException, SQLException {
		Seed seed = new Seed(this.options.rows());
		this.progress.print("Starting PostgreSQL ...");
		try (DemoDatabase database = DemoDatabase.start(this.options)) {
			this.progress.print(String.format(Locale.ROOT,
					"Seeding %,d users and %,d orders in the old schema on PostgreSQL %s ...", seed.rows(),
					seed.orders(), database.version()));
			database.seed(seed);
			return run(database, seed);
		}
	}

	private boolean run(DemoDatabase database, Seed seed) throws IOException, SQLException {
		Ledger ledger = new Ledger(seed);
		Crowd crowd = new Crowd(this.options.currentClients(), this.options.previousClients());
		List<String> failures = new ArrayList<>();
		long rowsBackfilled = 0;
		List<Stage> stages;
		try (Releases releases = new Releases(() -> new PreviousRelease(database))) {
			this.progress.headline("expand");
			this.progress.say("Starting the previous release, which knows only username and cents ...");
			releases.startPrevious();
			Traffic traffic = new Traffic(releases, ledger, crowd, new Stage("expand", Phase.EXPAND),
					this.progress::say);
			this.progress.watch(traffic);
			try (traffic) {
				rowsBackfilled = walk(database, releases, traffic);
			}
			catch (RuntimeException | SQLException ex) {
				failures.add(String.valueOf(ex.getMessage()));
			}
			stages = traffic.stages();
		}
		return conclude(new Report(stages, rowsBackfilled, compare(database, ledger)), failures);
	}

	/**
	 * Starts the new release beside the previous one, which is under traffic already, and
	 * walks. The traffic ends before the new release does.
	 */
	private long walk(DemoDatabase database, Releases releases, Traffic traffic) throws SQLException {
		this.progress.say("Starting the new release, which knows only the new columns, with phase: expand ...");
		try (ConfigurableApplicationContext application = start(database); traffic) {
			int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			this.progress.say("Watch it at http://localhost:" + port + "/actuator/expandcontract");
			releases.startCurrent(new NewRelease(port));
			List<ChangeEndpoint> endpoints = CHANGES.stream()
				.map((id) -> new ChangeEndpoint("http://localhost:" + port, id))
				.toList();
			Walk walk = new Walk(database, endpoints, releases, traffic, this.progress, this.options);
			walk.run();
			return walk.rowsBackfilled();
		}
	}

	private ConfigurableApplicationContext start(DemoDatabase database) {
		return new SpringApplicationBuilder(SampleApplication.class).bannerMode(Banner.Mode.OFF)
			.run("--server.port=0", "--server.tomcat.max-keep-alive-requests=-1",
					"--spring.datasource.url=" + database.url(), "--spring.datasource.username=" + database.user(),
					"--spring.datasource.password=" + database.password(), "--spring.web.error.include-message=always",
					"--logging.threshold.console=off", "--logging.file.name=" + log());
	}

	private Path log() {
		return this.options.report().resolveSibling("demo.log");
	}

	private List<Compared> compare(DemoDatabase database, Ledger ledger) throws SQLException {
		this.progress.print("");
		this.progress.print("Comparing every row with what the traffic wrote ...");
		try (Connection connection = database.connect()) {
			return List.of(new Comparison(ledger).run(connection),
					new OrderComparison(ledger.orders()).run(connection));
		}
	}

	private boolean conclude(Report report, List<String> failures) throws IOException {
		this.progress.print("");
		this.progress.print(report.table());
		report.tables().forEach((table) -> table.differences().forEach(this.progress::print));
		failures.forEach((failure) -> this.progress.print("FAILED: " + failure));
		report.write(this.options.report());
		this.progress.print("Report: " + this.options.report());
		this.progress.print("Log:    " + log());
		boolean passed = failures.isEmpty() && report.failedRequests() == 0 && report.mismatches() == 0;
		this.progress.print(passed ? "PASSED: no request failed, no row differs."
				: String.format(Locale.ROOT, "FAILED: %,d requests failed, %,d rows differ, %d steps not reached.",
						report.failedRequests(), report.mismatches(), failures.size()));
		return passed;
	}

}
