package io.github.expandcontract.plans;

import java.time.Duration;

import javax.sql.DataSource;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillSettings;
import io.github.expandcontract.coordination.CoordinationSettings;
import io.github.expandcontract.coordination.Courses;
import io.github.expandcontract.coordination.Planner;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.FleetMember;
import io.github.expandcontract.phase.PhaseStore;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;

/**
 * A planner without an application.
 */
final class Planning {

	private Planning() {
	}

	static Planner planner(DataSource dataSource, SyncMode sync) {
		PhaseStore store = new PhaseStore(dataSource);
		FleetMember nobody = new FleetMember(store, new Admission(Duration.ofSeconds(1)), "planner",
				Duration.ofSeconds(10), Duration.ofSeconds(1), () -> {
				});
		return new Planner(store,
				new Courses(store, nobody, new Ddl(dataSource, LockRetry.defaults()),
						new Backfill(dataSource, BackfillSettings.defaults()),
						new CoordinationSettings(sync, Duration.ofSeconds(2), Duration.ofMillis(500), false)));
	}

}
