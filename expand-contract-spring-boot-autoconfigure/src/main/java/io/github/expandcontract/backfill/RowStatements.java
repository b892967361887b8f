package io.github.expandcontract.backfill;

import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.change.RowChange;

import org.springframework.jdbc.core.JdbcOperations;

/**
 * The statements that go over the rows of a change, for each table that holds some, as
 * they run.
 */
final class RowStatements {

	private final RowChange change;

	private final List<Leaf> leaves;

	RowStatements(RowChange change, JdbcOperations jdbc) {
		this.change = change;
		this.leaves = Leaves.of(change.table(), jdbc);
	}

	List<RowStatement> filling(Direction direction, boolean vacuum) {
		List<RowStatement> statements = new ArrayList<>();
		for (Leaf leaf : this.leaves) {
			Batch batch = new Batch(direction, List.of(this.change));
			String key = leaf.keyColumn();
			statements.add(new RowStatement("fill the rows that are there, skipping those that others hold",
					(key != null) ? batch.byKey(leaf.name(), key) : batch.byPlace(leaf.name()),
					"stretch by stretch, until a sweep finds nothing left; for other changes of the table in the same "
							+ "phase, a row that needs them all is filled by one UPDATE with their conditions and values"));
			if (vacuum) {
				statements.add(new RowStatement("let later stretches use the space of earlier ones",
						Vacuum.statement(leaf.name()), "after each tenth of the rows"));
			}
		}
		return statements;
	}

	List<RowStatement> verifying() {
		return this.leaves.stream()
			.map((leaf) -> new RowStatement("look for rows that are not in step",
					Verifier.statement(List.of(this.change), leaf, "true"),
					"once, or by stretches where the table is large"))
			.toList();
	}

}
