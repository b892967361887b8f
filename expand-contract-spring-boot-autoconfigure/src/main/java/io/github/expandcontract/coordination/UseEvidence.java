package io.github.expandcontract.coordination;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;
import io.github.expandcontract.phase.ChangeState;
import io.github.expandcontract.schema.Leaving;
import io.github.expandcontract.schema.Sessions;
import io.github.expandcontract.schema.Sessions.Session;
import io.github.expandcontract.schema.StatementUse;
import io.github.expandcontract.schema.StatementUse.Reading;
import io.github.expandcontract.schema.UnannotatedUse;

/**
 * What has to be known of those who still use what goes away, before it does.
 * <ol>
 * <li>From the moment at which every instance runs in the phase, the statements of the
 * server are {@link #watch watched}: once a minute, and more often when the move is
 * wanted.</li>
 * <li>Before the move all that was {@link #since seen} is shown: statements, what
 * instances saw outside of annotated repositories, and sessions of others.</li>
 * </ol>
 * None of it proves that nobody will come who has not come since. So it says since when
 * it has looked, and an operator who knows better may accept what stands against it.
 */
final class UseEvidence {

	private static final Duration SELDOM = Duration.ofMinutes(1);

	private static final int SHOWN = 5;

	private static final String STATEMENTS = "statements";

	private static final String UNANNOTATED = "unannotated access";

	private static final String SESSIONS = "sessions";

	private final Leaving leaving;

	private final Tools tools;

	private final StatementUse statements;

	private final UnannotatedUse unannotated;

	private final Sessions sessions;

	UseEvidence(Leaving leaving, Tools tools) {
		this.leaving = leaving;
		this.tools = tools;
		this.statements = new StatementUse(tools.ddl());
		this.unannotated = new UnannotatedUse(tools.ddl().jdbc());
		this.sessions = new Sessions(tools.ddl().jdbc());
	}

	/**
	 * Reads the statistics of statements. To be called with every tick in the phase in
	 * which nobody is to use any more what goes away.
	 * @param next where the change is to go
	 */
	void watch(ChangeState state, Optional<Phase> next) {
		boolean wanted = next.filter((phase) -> state.phase().isBefore(phase)).isPresent();
		// What began in the phase before may name it yet.
		if (FleetEvidence.acknowledged(state, this.tools.store().instances()).passes()) {
			this.statements.read(this.leaving, state.version(), wanted ? Recent.AGE : SELDOM);
		}
	}

	/**
	 * Looks at everything now, however lately that was done.
	 */
	void lookAgain(ChangeState state) {
		this.statements.read(this.leaving, state.version(), Duration.ZERO);
		this.tools.recent().forget(state, SESSIONS);
	}

	/**
	 * What was seen since the phase began.
	 */
	List<Evidence> since(ChangeState state) {
		return List.of(statements(state), unannotated(state),
				this.tools.recent().of(state, SESSIONS, () -> sessions(this.sessions.foreign(this.leaving.table()))));
	}

	/**
	 * The same where no rule says what annotated repositories may name, so that no
	 * instance looks at its statements.
	 */
	List<Evidence> sinceOutsideRules(ChangeState state) {
		return since(state).stream().filter((row) -> !row.name().equals(UNANNOTATED)).toList();
	}

	/**
	 * The same where annotated repositories name it until the end, so that the server's
	 * statistics do not tell their statements from those of others.
	 */
	List<Evidence> sinceBesideAnnotated(ChangeState state) {
		List<Evidence> evidence = new ArrayList<>(since(state));
		evidence.replaceAll((row) -> (row.name().equals(STATEMENTS) && row.acceptable())
				? Evidence.ok(STATEMENTS, "Those of annotated repositories are among these: " + row.detail()) : row);
		return List.copyOf(evidence);
	}

	private Evidence statements(ChangeState state) {
		String name = STATEMENTS;
		Optional<Reading> last = this.statements.last(this.leaving, state.version());
		if (last.isEmpty()) {
			return Evidence.waits(name,
					"The statistics of statements are read for the first time when all instances run in this phase.");
		}
		Reading reading = last.get();
		if (reading.problem() != null) {
			return Evidence.ok(name, "Not looked at: " + reading.problem() + ". With it, and GRANT pg_read_all_stats "
					+ "for this user, it would be seen who else names " + this.leaving.describe() + ".");
		}
		List<StatementUse.Seen> seen = this.statements.seen(this.leaving, state.version());
		String lacks = lacks(reading);
		return seen.isEmpty()
				? Evidence.ok(name,
						"No statement has named " + this.leaving.describe() + " since " + at(reading.since()) + "."
								+ lacks)
				: Evidence.suspects(name,
						"Since " + at(reading.since()) + " these statements still named " + this.leaving.describe()
								+ ": "
								+ list(seen,
										(one) -> one.calls() + " times by " + one.user() + ", the last time about "
												+ at(one.lastAt()) + ": " + one.text())
								+ ". Find who runs them and replace it." + lacks);
	}

	private String lacks(Reading reading) {
		return ((reading.hidden() > 0)
				? " The statements of other users, " + reading.hidden()
						+ " of them, cannot be seen; GRANT pg_read_all_stats to the user of the migrations shows them."
				: "")
				+ ((reading.thrownOut() > 0) ? " The server has forgotten statements " + reading.thrownOut()
						+ " times meanwhile; a larger pg_stat_statements.max keeps them." : "");
	}

	private Evidence unannotated(ChangeState state) {
		String name = UNANNOTATED;
		List<UnannotatedUse.Seen> seen = this.unannotated.seen(state.id(), state.version());
		return seen.isEmpty()
				? Evidence.ok(name,
						"No instance has seen a statement outside of annotated repositories that names "
								+ this.leaving.describe() + ".")
				: Evidence.suspects(name,
						"Since the phase began these statements outside of annotated repositories still named "
								+ this.leaving.describe() + ": "
								+ list(seen,
										(one) -> one.calls() + " times on " + one.instances() + ", the last time at "
												+ at(one.lastAt()) + ": " + one.text())
								+ ". Let them name what comes, or move them to an annotated repository.");
	}

	private Evidence sessions(List<Session> foreign) {
		String name = SESSIONS;
		if (foreign.isEmpty()) {
			return Evidence.ok(name, "No session on the database comes from anywhere but the live instances.");
		}
		List<Session> users = foreign.stream().filter(Session::usesTable).toList();
		return users.isEmpty()
				? Evidence.ok(name,
						"These sessions belong to no live instance, and none of them uses " + this.leaving.table()
								+ " now: " + list(foreign, UseEvidence::describe) + ".")
				: Evidence.suspects(name, "These sessions belong to no live instance and use " + this.leaving.table()
						+ " now: " + list(users, UseEvidence::describe) + ". Find out whose they are.");
	}

	private static String describe(Session session) {
		return session.user() + " as '" + session.application() + "' from "
				+ (session.address().isEmpty() ? "this host or unseen" : session.address()) + ", process "
				+ session.pid() + ", since " + at(session.since());
	}

	private static String at(@Nullable Instant time) {
		return (time != null) ? time.truncatedTo(ChronoUnit.SECONDS).toString() : "a time that may not be seen";
	}

	private static <T> String list(List<T> all, Function<T, String> describe) {
		String first = all.stream().limit(SHOWN).map(describe).collect(Collectors.joining("; "));
		return (all.size() > SHOWN) ? first + "; and " + (all.size() - SHOWN) + " more" : first;
	}

}
