package io.github.expandcontract.phase;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.RenameInPlace;

import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * The rows that hold the cluster phase, the instances and their leases. All times are the
 * database's.
 *
 * <p>
 * Locks are always taken in the order change, then instance, so that moves, heartbeats
 * and registrations cannot deadlock:
 * <ol>
 * <li>a <em>move</em> locks the row of its change and those of all instances, and so sees
 * each of them either before its heartbeat or after;</li>
 * <li>a <em>heartbeat</em> first updates its own row and only then reads the phases: if
 * it had to wait for a move, it reads what the move left;</li>
 * <li>a <em>registration</em> first locks the rows of its changes against moves.</li>
 * </ol>
 */
public final class PhaseStore {

	private static final Duration LOCK_TIMEOUT = Duration.ofSeconds(2);

	private final JdbcTemplate jdbc;

	private final TransactionTemplate transaction;

	private final Map<String, Boolean> inPlace = new ConcurrentHashMap<>();

	private final Duration patience;

	/**
	 * Creates a store that gives up on a server that does not answer for six seconds.
	 * @param dataSource connections that are not shared with the application's calls
	 */
	public PhaseStore(DataSource dataSource) {
		this(dataSource, Duration.ofSeconds(6));
	}

	/**
	 * Creates a store.
	 * @param dataSource connections that are not shared with the application's calls
	 * @param patience how long an answer of the server is waited for, less than a lease:
	 * a network that swallows what is sent would else keep the heartbeat in one read
	 * until long after the lease has run out
	 */
	public PhaseStore(DataSource dataSource, Duration patience) {
		this.patience = patience;
		DataSource bounded = new BoundedDataSource(dataSource, patience);
		this.jdbc = new JdbcTemplate(bounded);
		this.transaction = new TransactionTemplate(new JdbcTransactionManager(bounded));
		this.transaction.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		// A heartbeat that waited for a move has to read what the move left.
		this.transaction.setIsolationLevel(TransactionDefinition.ISOLATION_READ_COMMITTED);
	}

	/**
	 * Creates the tables where they do not exist.
	 * @param within a transaction that keeps other instances from doing the same
	 */
	public static void install(JdbcOperations within) {
		within.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.change (
				  id            text PRIMARY KEY,
				  description   text NOT NULL,
				  phase         text NOT NULL,
				  version       bigint NOT NULL DEFAULT 1,
				  entered_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
				  override      text,
				  override_by   text,
				  override_at   timestamptz,
				  hold_token    uuid,
				  hold_from     timestamptz,
				  hold_until    timestamptz,
				  waits_for     text NOT NULL DEFAULT '',
				  in_place      boolean NOT NULL DEFAULT false
				)""");
		addInPlace(within);
		within.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.instance (
				  id            uuid PRIMARY KEY,
				  name          text NOT NULL,
				  started_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
				  lease_until   timestamptz NOT NULL
				)""");
		within.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.instance_change (
				  instance_id   uuid NOT NULL REFERENCES expand_contract.instance ON DELETE CASCADE,
				  change_id     text NOT NULL REFERENCES expand_contract.change,
				  target        text NOT NULL,
				  acknowledged  bigint NOT NULL,
				  held          uuid,
				  PRIMARY KEY (instance_id, change_id)
				)""");
		within.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.lead (
				  change_id     text PRIMARY KEY REFERENCES expand_contract.change ON DELETE CASCADE,
				  instance_id   uuid NOT NULL,
				  lead_until    timestamptz NOT NULL
				)""");
		within.execute("""
				CREATE TABLE IF NOT EXISTS expand_contract.move (
				  change_id     text NOT NULL REFERENCES expand_contract.change,
				  version       bigint NOT NULL,
				  from_phase    text NOT NULL,
				  to_phase      text NOT NULL,
				  moved_at      timestamptz NOT NULL DEFAULT clock_timestamp(),
				  moved_by      uuid NOT NULL,
				  PRIMARY KEY (change_id, version)
				)""");
		Acceptances.install(within);
	}

	/**
	 * What operators have let pass.
	 * @return the rows of it
	 */
	public Acceptances acceptances() {
		return new Acceptances(this.jdbc);
	}

	/*
	 * To a table of a former version. The catalog is asked first, because the statement
	 * locks the table even where it finds nothing to do.
	 */
	private static void addInPlace(JdbcOperations within) {
		List<Integer> there = within.queryForList("""
				SELECT 1 FROM pg_catalog.pg_attribute
				 WHERE attrelid = 'expand_contract.change'::regclass AND attname = 'in_place' AND NOT attisdropped""",
				Integer.class);
		if (there.isEmpty()) {
			within.execute("ALTER TABLE expand_contract.change ADD COLUMN in_place boolean NOT NULL DEFAULT false");
		}
	}

	/**
	 * Whether {@link #install} has been here.
	 * @return whether the rows can be read
	 */
	public boolean isInstalled() {
		return Boolean.TRUE.equals(this.jdbc
			.queryForObject("SELECT pg_catalog.to_regclass('expand_contract.change') IS NOT NULL", Boolean.class));
	}

	/**
	 * All that a move depends on, beside what the work on the rows has come to, in one
	 * query.
	 * @return a text that is another one as soon as any of it is
	 */
	public String fingerprint() {
		return String.valueOf(this.jdbc.queryForObject(
				"""
						SELECT pg_catalog.concat_ws('|',
						  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws('/', id, version, override, hold_token), ',' ORDER BY id)
						     FROM expand_contract.change),
						  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws('/', i.id, i.lease_until > clock_timestamp(),
						            c.change_id, c.target, c.acknowledged), ',' ORDER BY i.id, c.change_id)
						     FROM expand_contract.instance i
						     LEFT JOIN expand_contract.instance_change c ON c.instance_id = i.id),
						  (SELECT pg_catalog.string_agg(pg_catalog.concat_ws('/', change_id, instance_id,
						            lead_until > clock_timestamp()), ',' ORDER BY change_id)
						     FROM expand_contract.lead))""",
				String.class));
	}

	/**
	 * Makes sure that a change has a row, and that it says how the change is made.
	 * @param change the change
	 * @param phase the phase to begin with if it has none
	 * @throws StrategyMismatchException if a rename is under way by another strategy
	 */
	public void declare(Change change, Phase phase) {
		boolean wanted = change instanceof RenameInPlace;
		update("""
				INSERT INTO expand_contract.change (id, description, phase, in_place) VALUES (?, ?, ?, ?)
				ON CONFLICT (id) DO NOTHING""", change.id(), change.describe(), phase.name(), wanted);
		if (inPlace(this.jdbc, change.id(), "").contains(!wanted)) {
			inTransaction((jdbc) -> switchStrategy(jdbc, change, wanted));
		}
		this.inPlace.put(change.id(), wanted);
	}

	private static List<Boolean> inPlace(JdbcOperations jdbc, String change, String locking) {
		return jdbc.queryForList("SELECT in_place FROM expand_contract.change WHERE id = ? " + locking, Boolean.class,
				change);
	}

	/**
	 * Before its first step and after its last a rename has left nothing by which the
	 * strategies differ.
	 */
	private static boolean switchStrategy(JdbcOperations jdbc, Change change, boolean wanted) {
		if (!inPlace(jdbc, change.id(), "FOR UPDATE").contains(!wanted)) {
			return wanted;
		}
		List<String> others = instances(jdbc, "FOR UPDATE").stream()
			.filter((instance) -> instance.live() && instance.declares(change.id()))
			.map(InstanceState::name)
			.toList();
		if (!others.isEmpty()) {
			throw StrategyMismatchException.live(change, wanted, others);
		}
		ChangeState state = state(changes(jdbc), change.id());
		if (state.phase() != Phase.EXPAND && state.phase() != Phase.CONTRACT) {
			throw StrategyMismatchException.underWay(change, wanted, state);
		}
		jdbc.update("UPDATE expand_contract.change SET in_place = ?, description = ? WHERE id = ?", wanted,
				change.describe(), change.id());
		return wanted;
	}

	/**
	 * Reads all changes that any release ever declared here.
	 * @return their rows by id
	 */
	public Map<String, ChangeState> changes() {
		return changes(this.jdbc);
	}

	/**
	 * Reads a change.
	 * @param id its id
	 * @return its row, empty if it was never declared here
	 */
	public Optional<ChangeState> change(String id) {
		return Optional.ofNullable(changes().get(id));
	}

	private static Map<String, ChangeState> changes(JdbcOperations jdbc) {
		Map<String, ChangeState> changes = new HashMap<>();
		jdbc.query("""
				SELECT id, phase, version, entered_at, override, override_by, override_at, hold_token, waits_for,
				       extract(epoch FROM hold_from - clock_timestamp()) * 1000 AS starts_in,
				       extract(epoch FROM hold_until - clock_timestamp()) * 1000 AS ends_in
				  FROM expand_contract.change""", (row) -> {
			changes.put(row.getString("id"), changeState(row));
		});
		return changes;
	}

	private static ChangeState changeState(ResultSet row) throws SQLException {
		UUID token = row.getObject("hold_token", UUID.class);
		Optional<Hold> hold = (token != null) ? Optional
			.of(new Hold(token, Duration.ofMillis(row.getLong("starts_in")), Duration.ofMillis(row.getLong("ends_in"))))
				: Optional.empty();
		String override = row.getString("override");
		return new ChangeState(row.getString("id"), Phase.valueOf(row.getString("phase")), row.getLong("version"),
				row.getTimestamp("entered_at").toInstant(), (override != null) ? Phase.valueOf(override) : null,
				row.getString("override_by"), instant(row.getTimestamp("override_at")), hold,
				row.getString("waits_for"));
	}

	private static @Nullable Instant instant(@Nullable Timestamp timestamp) {
		return (timestamp != null) ? timestamp.toInstant() : null;
	}

	/**
	 * Reads all registered instances, also those whose lease has run out.
	 * @return the instances
	 */
	public List<InstanceState> instances() {
		return instances(this.jdbc, "");
	}

	private static List<InstanceState> instances(JdbcOperations jdbc, String locking) {
		Map<UUID, Map<String, Phase>> targets = new HashMap<>();
		Map<UUID, Map<String, Long>> acknowledged = new HashMap<>();
		Map<UUID, Map<String, UUID>> held = new HashMap<>();
		// The rows are locked before what hangs on them is read, so that the reading is
		// of the moment at which the locks were granted.
		List<UUID> ids = jdbc.queryForList("SELECT id FROM expand_contract.instance ORDER BY id " + locking,
				UUID.class);
		jdbc.query("SELECT instance_id, change_id, target, acknowledged, held FROM expand_contract.instance_change",
				(row) -> {
					UUID instance = row.getObject("instance_id", UUID.class);
					String change = row.getString("change_id");
					targets.computeIfAbsent(instance, (id) -> new HashMap<>())
						.put(change, Phase.valueOf(row.getString("target")));
					acknowledged.computeIfAbsent(instance, (id) -> new HashMap<>())
						.put(change, row.getLong("acknowledged"));
					UUID token = row.getObject("held", UUID.class);
					if (token != null) {
						held.computeIfAbsent(instance, (id) -> new HashMap<>()).put(change, token);
					}
				});
		return jdbc.query("""
				SELECT id, name, started_at, extract(epoch FROM lease_until - clock_timestamp()) * 1000 AS lease
				  FROM expand_contract.instance ORDER BY started_at, id""", (row, number) -> {
			UUID id = row.getObject("id", UUID.class);
			return new InstanceState(id, row.getString("name"), row.getTimestamp("started_at").toInstant(),
					Duration.ofMillis(row.getLong("lease")), targets.getOrDefault(id, Map.of()),
					acknowledged.getOrDefault(id, Map.of()), held.getOrDefault(id, Map.of()));
		}).stream().filter((instance) -> locking.isEmpty() || ids.contains(instance.id())).toList();
	}

	/**
	 * Registers an instance with a fresh lease. It acknowledges what it reads here, so
	 * nothing may be open under anything it knew before.
	 * @param instance the instance's id
	 * @param name its name
	 * @param targets the phase that its yml asks for, by change
	 * @param lease length of the lease
	 * @return the changes as they are
	 * @throws StrategyMismatchException if another instance has begun a rename by another
	 * strategy meanwhile
	 */
	Map<String, ChangeState> register(UUID instance, String name, Map<String, Phase> targets, Duration lease) {
		return inTransaction((jdbc) -> {
			for (String change : targets.keySet().stream().sorted().toList()) {
				List<Boolean> recorded = inPlace(jdbc, change, "FOR SHARE");
				Boolean wanted = this.inPlace.get(change);
				if (wanted != null && recorded.contains(!wanted)) {
					throw StrategyMismatchException.taken(change, wanted);
				}
			}
			jdbc.update("""
					INSERT INTO expand_contract.instance (id, name, lease_until)
					VALUES (?, ?, clock_timestamp() + ? * interval '1 millisecond')
					ON CONFLICT (id) DO UPDATE SET lease_until = EXCLUDED.lease_until""", instance, name,
					lease.toMillis());
			Map<String, ChangeState> changes = changes(jdbc);
			targets.forEach((change, target) -> jdbc.update("""
					INSERT INTO expand_contract.instance_change (instance_id, change_id, target, acknowledged)
					VALUES (?, ?, ?, ?)
					ON CONFLICT (instance_id, change_id)
					DO UPDATE SET target = EXCLUDED.target, acknowledged = EXCLUDED.acknowledged, held = NULL""",
					instance, change, target.name(), state(changes, change).version()));
			return changes;
		});
	}

	private static ChangeState state(Map<String, ChangeState> changes, String id) {
		ChangeState state = changes.get(id);
		if (state == null) {
			throw new IllegalStateException("Change '" + id + "' has no row in expand_contract.change");
		}
		return state;
	}

	/**
	 * Renews a lease and the leads, takes back the word that calls are held where that is
	 * so no longer, and reads the changes.
	 * @param instance the instance's id
	 * @param lease length of the lease
	 * @return the changes as they are, empty if the instance is not registered any more
	 */
	Optional<Map<String, ChangeState>> renew(UUID instance, Duration lease) {
		return inTransaction((jdbc) -> {
			int updated = jdbc.update("""
					UPDATE expand_contract.instance
					   SET lease_until = clock_timestamp() + ? * interval '1 millisecond' WHERE id = ?""",
					lease.toMillis(), instance);
			if (updated == 0) {
				return Optional.empty();
			}
			jdbc.update("""
					UPDATE expand_contract.lead SET lead_until = clock_timestamp() + ? * interval '1 millisecond'
					 WHERE instance_id = ?""", lease.toMillis(), instance);
			jdbc.update("""
					UPDATE expand_contract.instance_change own SET held = NULL
					  FROM expand_contract.change
					 WHERE change.id = own.change_id AND own.instance_id = ? AND own.held IS NOT NULL
					   AND (own.held IS DISTINCT FROM change.hold_token OR change.hold_until <= clock_timestamp())""",
					instance);
			return Optional.of(changes(jdbc));
		});
	}

	/**
	 * Records that nothing is open under an earlier version.
	 * @param instance the instance's id
	 * @param change the change
	 * @param version the version under which alone the instance runs
	 */
	void acknowledge(UUID instance, String change, long version) {
		update("""
				UPDATE expand_contract.instance_change SET acknowledged = ?
				 WHERE instance_id = ? AND change_id = ? AND acknowledged <> ?""", version, instance, change, version);
	}

	/**
	 * Records that an instance holds its calls and that none is open.
	 * @param instance the instance's id
	 * @param change the change
	 * @param token the hold
	 */
	void confirmHeld(UUID instance, String change, UUID token) {
		update("""
				UPDATE expand_contract.instance_change own SET held = ?
				  FROM expand_contract.change
				 WHERE change.id = own.change_id AND change.hold_token = ? AND change.hold_until > clock_timestamp()
				   AND own.instance_id = ? AND own.change_id = ?""", token, token, instance, change);
	}

	/**
	 * Forgets an instance that has ended in order.
	 * @param instance the instance's id
	 */
	void deregister(UUID instance) {
		update("DELETE FROM expand_contract.lead WHERE instance_id = ?", instance);
		update("DELETE FROM expand_contract.instance WHERE id = ?", instance);
	}

	/**
	 * Forgets instances whose lease ran out long ago.
	 * @param after how long ago
	 */
	public void forgetDead(Duration after) {
		update("""
				DELETE FROM expand_contract.instance
				 WHERE lease_until < clock_timestamp() - ? * interval '1 millisecond'""", after.toMillis());
	}

	/**
	 * Takes or keeps the lead of a change, so that its steps are run by one instance. The
	 * heartbeat keeps it while the instance lives, however long a step takes. It keeps
	 * instances out of each other's way; what keeps a move right is the row's version.
	 * @param change the change
	 * @param instance the instance that would lead
	 * @param lease for how long
	 * @return whether it leads
	 */
	public boolean lead(String change, UUID instance, Duration lease) {
		return update("""
				INSERT INTO expand_contract.lead AS present (change_id, instance_id, lead_until)
				VALUES (?, ?, clock_timestamp() + ? * interval '1 millisecond')
				ON CONFLICT (change_id) DO UPDATE
				   SET instance_id = EXCLUDED.instance_id, lead_until = EXCLUDED.lead_until
				 WHERE present.instance_id = EXCLUDED.instance_id OR present.lead_until < clock_timestamp()""", change,
				instance, lease.toMillis()) == 1;
	}

	/**
	 * Takes the step from one phase to another, if nothing stands against it. To be
	 * called within the transaction that carries out the step.
	 * @param within the transaction
	 * @param from what the caller knows of the change
	 * @param to the phase to enter
	 * @param by the instance that moves it
	 * @throws MoveRefusedException if the change has moved meanwhile, or a live instance
	 * has not acknowledged its version, or does not declare a change that would enter
	 * {@link Phase#CONTRACT}, or the caller counts on a hold and an instance does not
	 * hold, or not any more
	 */
	public void move(JdbcOperations within, ChangeState from, Phase to, UUID by) {
		within.queryForList("SELECT 1 FROM expand_contract.change WHERE id = ? FOR UPDATE", from.id());
		List<InstanceState> instances = instances(within, "FOR UPDATE");
		// Read under both locks: no instance can renew its lease or let its calls go
		// between this look and the end of the transaction.
		ChangeState present = state(changes(within), from.id());
		requireUnmoved(from, present);
		for (InstanceState instance : instances) {
			if (instance.live() && instance.declares(from.id())) {
				requireReady(instance, present, from.hold().map(Hold::token));
			}
			else if (instance.live() && to == Phase.CONTRACT) {
				throw new MoveRefusedException("Instance '" + instance.name() + "' does not declare the change '"
						+ from.id() + "' and still uses the old column.");
			}
		}
		within.update("""
				INSERT INTO expand_contract.move (change_id, version, from_phase, to_phase, moved_by)
				VALUES (?, ?, ?, ?, ?)""", from.id(), from.version() + 1, from.phase().name(), to.name(), by);
		within.update("""
				UPDATE expand_contract.change
				   SET phase = ?, version = version + 1, entered_at = clock_timestamp(), waits_for = '',
				       hold_token = NULL, hold_from = NULL, hold_until = NULL
				 WHERE id = ?""", to.name(), from.id());
	}

	private static void requireUnmoved(ChangeState known, ChangeState present) {
		if (present.version() != known.version()) {
			throw new MoveRefusedException("The change '" + known.id() + "' has moved meanwhile.");
		}
		Optional<UUID> token = known.hold().map(Hold::token);
		if (token.isPresent()
				&& present.hold().filter((hold) -> hold.token().equals(token.get()) && !hold.over()).isEmpty()) {
			throw new MoveRefusedException("The hold of the calls for the change '" + known.id() + "' has ended.");
		}
	}

	private static void requireReady(InstanceState instance, ChangeState change, Optional<UUID> hold) {
		Long acknowledged = instance.acknowledged().get(change.id());
		if (acknowledged == null || acknowledged != change.version()) {
			throw new MoveRefusedException("Instance '" + instance.name() + "' has not acknowledged phase "
					+ change.phase().propertyName() + " yet.");
		}
		if (hold.isPresent() && !hold.get().equals(instance.held().get(change.id()))) {
			throw new MoveRefusedException("Instance '" + instance.name() + "' does not hold its calls.");
		}
	}

	/**
	 * Runs a move that consists of nothing but the step of the phase.
	 * @param from what the caller knows of the change
	 * @param to the phase to enter
	 * @param by the instance that moves it
	 * @throws MoveRefusedException as by
	 * {@link #move(JdbcOperations, ChangeState, Phase, UUID)}
	 */
	public void move(ChangeState from, Phase to, UUID by) {
		inTransaction((jdbc) -> {
			move(jdbc, from, to, by);
			return true;
		});
	}

	/**
	 * Announces a hold.
	 * @param change the change
	 * @param startsIn time until it begins, long enough for every instance to learn of it
	 * @param length how long it lasts at most
	 * @return its token
	 */
	public UUID announceHold(String change, Duration startsIn, Duration length) {
		UUID token = UUID.randomUUID();
		update("""
				UPDATE expand_contract.change
				   SET hold_token = ?, hold_from = clock_timestamp() + ? * interval '1 millisecond',
				       hold_until = clock_timestamp() + ? * interval '1 millisecond'
				 WHERE id = ?""", token, startsIn.toMillis(), startsIn.plus(length).toMillis(), change);
		return token;
	}

	/**
	 * Gives up a hold.
	 * @param change the change
	 * @param token the hold, so that no later one is given up by mistake
	 */
	public void endHold(String change, UUID token) {
		update("""
				UPDATE expand_contract.change SET hold_token = NULL, hold_from = NULL, hold_until = NULL
				 WHERE id = ? AND hold_token = ?""", change, token);
	}

	/**
	 * Records what the next move waits for.
	 * @param change the change
	 * @param reasons sentences, empty if it waits for nothing
	 */
	public void waitFor(String change, List<String> reasons) {
		String text = String.join("\n", reasons);
		update("UPDATE expand_contract.change SET waits_for = ? WHERE id = ? AND waits_for <> ?", text, change, text);
	}

	/**
	 * Asks for a phase above every instance's yml.
	 * @param change the change
	 * @param target the phase, or {@code null} to let the yml decide again
	 * @param by who asks
	 * @return whether the change is known
	 */
	public boolean override(String change, @Nullable Phase target, String by) {
		return update("""
				UPDATE expand_contract.change
				   SET override = ?, override_by = ?, override_at = clock_timestamp() WHERE id = ?""",
				(target != null) ? target.name() : null, by, change) == 1;
	}

	private int update(String sql, @Nullable Object... values) {
		return inTransaction((jdbc) -> jdbc.update(sql, values));
	}

	private <T> T inTransaction(Function<JdbcOperations, T> work) {
		T result = this.transaction.execute((status) -> {
			long lockTimeout = Math.min(LOCK_TIMEOUT.toMillis(), Math.max(1, this.patience.toMillis() / 2));
			this.jdbc.execute("SET LOCAL lock_timeout = '" + lockTimeout + "ms'");
			return work.apply(this.jdbc);
		});
		if (result == null) {
			throw new IllegalStateException("A transaction has to give a result");
		}
		return result;
	}

}
