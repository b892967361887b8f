package io.github.expandcontract.schema;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.AddIndex;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.TableName;

/**
 * An index. It is built in BACKFILL and is all there is to it.
 */
final class IndexAddition implements Addition {

	private final AddIndex change;

	private final Ddl ddl;

	private volatile @Nullable IndexShape shape;

	IndexAddition(AddIndex change, Ddl ddl) {
		this.change = change;
		this.ddl = ddl;
	}

	private IndexShape shape() {
		IndexShape known = this.shape;
		if (known == null) {
			known = IndexShape.of(this.ddl, this.change, this.change.unique(), this.change.definition());
			this.shape = known;
		}
		return known;
	}

	private IndexTree tree() {
		return new IndexTree(this.change, this.change.name(), this.change.unique(), this.change.definition(),
				shape().rest());
	}

	@Override
	public void check(JdbcOperations jdbc) {
		IndexTree tree = tree();
		TableFacts.requireOwnPartitions(jdbc, this.change);
		if (tree.isTaken(jdbc, tree.quoted(this.change.name())) && !tree.isUsable(jdbc)) {
			throw new UnsupportedChangeException(this.change,
					"there is something else named \"" + this.change.name() + "\" already, or it is not valid: "
							+ TableFacts.describe(jdbc, tree.quoted(this.change.name())) + ".",
					"Choose another name, or drop it if nobody needs it; one that is being built right now has to be "
							+ "finished first.");
		}
	}

	@Override
	public Stage stage(JdbcOperations jdbc) {
		return tree().isUsable(jdbc) ? Stage.COMPLETE : Stage.NEW_ROWS;
	}

	@Override
	public Stage shown(Stage reached) {
		return reached.reaches(Stage.ALL_ROWS) ? Stage.COMPLETE : Stage.NEW_ROWS;
	}

	@Override
	public boolean isOurs(JdbcOperations jdbc) {
		IndexTree tree = tree();
		return !tree.isUsable(jdbc) || tree.isOurs(jdbc);
	}

	@Override
	public List<StepGroup> up(JdbcOperations jdbc, Stage stage) {
		return (stage == Stage.ALL_ROWS) ? tree().build(jdbc) : List.of();
	}

	@Override
	public List<StepGroup> down(JdbcOperations jdbc, Stage from, Stage stage) {
		return stage.reaches(Stage.ALL_ROWS) ? List.of() : tree().drop(jdbc, from == Stage.COMPLETE);
	}

	@Override
	public List<String> builds() {
		return tree().builds(this.ddl.jdbc());
	}

	@Override
	public List<TableName> locked() {
		return List.of(this.change.table());
	}

	@Override
	public Optional<BadRows> badRows(JdbcOperations jdbc) {
		return this.change.unique() ? Optional.of(shape().duplicates(jdbc, this.change)) : Optional.empty();
	}

	@Override
	public Phase gate() {
		return Phase.BACKFILL;
	}

	@Override
	public Phase returnsTo() {
		return Phase.STOP_DUAL_WRITE;
	}

	@Override
	public List<String> notes(JdbcOperations jdbc) {
		return this.change.unique() ? List.of(UniqueAddition.WRITERS) : List.of();
	}

}
