package io.github.expandcontract.jdbc;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.UnannotatedAccess;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.phase.PhaseSnapshot;
import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.sql.ColumnRule;
import io.github.expandcontract.sql.SchemaView;

/**
 * The rules of every set of phases that is in use, for one view of the catalog. Replaced
 * as a whole when that view changes.
 */
final class RuleBook {

	// The present snapshot, a former one that drains, and room for what a test or an
	// operator does in a hurry.
	private static final int REMEMBERED = 8;

	private static final int REMEMBERED_SESSIONS = 64;

	private final Rewriter.Factory factory;

	private final List<Change> changes;

	private final SyncMode sync;

	private final UnannotatedAccess access;

	private final SchemaView schema;

	private final Map<Map<String, Phase>, Rules> rules = new ConcurrentHashMap<>();

	private final Map<SessionNames, RuleBook> sessions = new ConcurrentHashMap<>();

	private volatile Page newest;

	RuleBook(Rewriter.Factory factory, List<? extends Change> changes, SyncMode sync, UnannotatedAccess access,
			SchemaView schema) {
		this.factory = factory;
		this.changes = List.copyOf(changes);
		this.sync = sync;
		this.access = access;
		this.schema = schema;
		this.newest = new Page(PhaseSnapshot.NONE.generation(), create(PhaseSnapshot.NONE.phases()));
	}

	RuleBook with(SchemaView schema) {
		return new RuleBook(this.factory, this.changes, this.sync, this.access, schema);
	}

	/**
	 * The rules for a session in which names may mean something else.
	 */
	RuleBook in(SessionNames names) {
		if (names.temporary().isEmpty() && names.searchPath().equals(this.schema.searchPath())) {
			return this;
		}
		if (this.sessions.size() > REMEMBERED_SESSIONS) {
			this.sessions.clear();
		}
		return this.sessions.computeIfAbsent(names, (added) -> with(added.in(this.schema)));
	}

	/**
	 * The names of all columns that change.
	 */
	List<String> columns() {
		return this.changes.stream().flatMap((change) -> change.changingColumns().stream()).distinct().toList();
	}

	UnannotatedAccess access() {
		return this.access;
	}

	SchemaView schema() {
		return this.schema;
	}

	Rules rules(PhaseSnapshot snapshot) {
		Page page = this.newest;
		if (page.generation() == snapshot.generation()) {
			return page.rules();
		}
		if (this.rules.size() > REMEMBERED) {
			this.rules.clear();
		}
		Rules found = this.rules.computeIfAbsent(snapshot.phases(), this::create);
		if (snapshot.generation() >= page.generation()) {
			this.newest = new Page(snapshot.generation(), found);
		}
		return found;
	}

	/**
	 * The rules of the columns that change in a snapshot, without those that are yet to
	 * come.
	 */
	List<ColumnRule> columnRules(PhaseSnapshot snapshot) {
		return columnRules(snapshot.phases()).stream().filter(this::isPresent).toList();
	}

	private boolean isPresent(ColumnRule rule) {
		Table table = this.schema.tables().get(rule.change().table());
		return table == null || table.columns().stream().anyMatch((column) -> rule.isOn(column.name()));
	}

	private Rules create(Map<String, Phase> phases) {
		List<ColumnRule> columnRules = columnRules(phases);
		return new Rules(this.factory.create(this.schema, columnRules), !columnRules.isEmpty());
	}

	private List<ColumnRule> columnRules(Map<String, Phase> phases) {
		return this.changes.stream().flatMap((change) -> rules(change, phases).stream()).toList();
	}

	private List<ColumnRule> rules(Change change, Map<String, Phase> phases) {
		Phase phase = phases.get(change.id());
		return (phase != null) ? ColumnRule.of(change, phase, this.sync) : List.of();
	}

	private record Page(long generation, Rules rules) {
	}

}
