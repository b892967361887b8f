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
 * Renames {@code users.username} to {@code users.handle} on a live database with a
 * million rows, and shows that nothing is lost.
 *
 * <ol>
 * <li>A PostgreSQL is started and filled with users in the old schema.</li>
 * <li>A stand-in for the previous release is started and put under traffic, and then the
 * new release (the sample application) beside it.</li>
 * <li>The change is walked through its phases, forwards and backwards.</li>
 * <li>Every row is compared with what the traffic wrote.</li>
 * </ol>
 *
 * The exit code is 0 only if every step was reached, no request failed and no row
 * differs.
 */
public final class Demo {

	private static final String CHANGE = "users-handle";

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
			this.progress.print(String.format(Locale.ROOT, "Seeding %,d users in the old schema on PostgreSQL %s ...",
					seed.rows(), database.version()));
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
			this.progress.say("Starting the previous release, which knows only username ...");
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
		Comparison comparison = compare(database, ledger);
		return conclude(new Report(stages, rowsBackfilled, comparison.mismatches()), comparison, failures);
	}

	/**
	 * Starts the new release beside the previous one, which is under traffic already, and
	 * walks. The traffic ends before the new release does.
	 */
	private long walk(DemoDatabase database, Releases releases, Traffic traffic) throws SQLException {
		this.progress.say("Starting the new release, which knows only handle, with phase: expand ...");
		try (ConfigurableApplicationContext application = start(database); traffic) {
			int port = application.getEnvironment().getRequiredProperty("local.server.port", Integer.class);
			this.progress.say("Watch it at http://localhost:" + port + "/actuator/expandcontract");
			releases.startCurrent(new NewRelease(port));
			ChangeEndpoint endpoint = new ChangeEndpoint("http://localhost:" + port, CHANGE);
			Walk walk = new Walk(database, endpoint, releases, traffic, this.progress, this.options);
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

	private Comparison compare(DemoDatabase database, Ledger ledger) throws SQLException {
		this.progress.print("");
		this.progress.print("Comparing every row with what the traffic wrote ...");
		Comparison comparison = new Comparison(ledger);
		try (Connection connection = database.connect()) {
			comparison.run(connection);
		}
		return comparison;
	}

	private boolean conclude(Report report, Comparison comparison, List<String> failures) throws IOException {
		this.progress.print("");
		this.progress.print(report.table());
		this.progress.print(String.format(Locale.ROOT, "%,d rows compared in %s: %,d differ.", comparison.rows(),
				comparison.comparedColumns(), comparison.mismatches()));
		comparison.differences().forEach(this.progress::print);
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
