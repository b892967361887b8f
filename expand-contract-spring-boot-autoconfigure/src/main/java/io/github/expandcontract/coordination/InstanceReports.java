package io.github.expandcontract.coordination;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.FleetMember;
import io.github.expandcontract.phase.PhaseSnapshot;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Mentions;
import io.github.expandcontract.schema.Leaving;
import io.github.expandcontract.schema.Sessions;
import io.github.expandcontract.schema.Sessions.Client;
import io.github.expandcontract.schema.UnannotatedUse;

/**
 * What this instance tells the others: from where it connects, and which statements
 * outside of annotated repositories it has seen that name what is about to go away. Where
 * there is nothing new it asks the database for nothing.
 */
public final class InstanceReports {

	private static final Duration AGAIN = Duration.ofSeconds(10);

	private final FleetMember member;

	private final Admission admission;

	private final Ddl ddl;

	private final UnannotatedUse unannotated;

	private final Sessions sessions;

	private final List<Client> clients = new ArrayList<>();

	private List<Sighting> pending = List.of();

	private long told;

	private boolean hasTold;

	/**
	 * Creates reports of an instance.
	 * @param member the instance
	 * @param admission tells the present phases
	 * @param ddl where statements of ours run
	 */
	public InstanceReports(FleetMember member, Admission admission, Ddl ddl) {
		this.member = member;
		this.admission = admission;
		this.ddl = ddl;
		this.unannotated = new UnannotatedUse(ddl.jdbc());
		this.sessions = new Sessions(ddl.jdbc());
	}

	/**
	 * Makes known from where the application's own connections come.
	 * @param client what the server says of one of them
	 */
	public synchronized void connectsAs(Client client) {
		this.clients.add(client);
		tellClients();
	}

	/**
	 * Tells what is new.
	 * @param changes the declared changes
	 * @param seen what was seen since the last time
	 */
	public synchronized void report(List<Change> changes, List<Sighting> seen) {
		List<Sighting> all = new ArrayList<>(this.pending);
		all.addAll(seen);
		this.pending = all;
		PhaseSnapshot now = this.admission.current();
		for (Change change : changes) {
			Phase phase = now.phases().get(change.id());
			Long version = now.versions().get(change.id());
			if (phase == null || version == null) {
				continue;
			}
			boolean takes = !change.leavingColumns().isEmpty();
			if (takes && phase.compareTo(Phase.SWITCH_READS) >= 0 && phase != Phase.CONTRACT) {
				Leaving leaving = Leaving.of(change);
				all.stream()
					.filter((sighting) -> leaving.namedIn(sighting.mentions()))
					.forEach((sighting) -> this.unannotated.add(change.id(), version, this.member.id(),
							this.member.name(), sighting.text(), sighting.count(), sighting.lastSeen()));
			}
		}
		this.pending = List.of();
		if (!this.hasTold || System.nanoTime() - this.told > AGAIN.toNanos()) {
			tellClients();
		}
	}

	/*
	 * Again and again: the connection may come from elsewhere after a failover, and an
	 * instance that was forgotten has lost its rows.
	 */
	private void tellClients() {
		this.sessions.tell(this.member.id(), Sessions.client(this.ddl.jdbc()));
		this.clients.forEach((client) -> this.sessions.tell(this.member.id(), client));
		this.told = System.nanoTime();
		this.hasTold = true;
	}

	/**
	 * A statement that was seen.
	 *
	 * @param text its text without values
	 * @param mentions the names in it
	 * @param count how often it was seen since the last report
	 * @param lastSeen when for the last time
	 */
	public record Sighting(String text, Mentions mentions, long count, Instant lastSeen) {

	}

}
