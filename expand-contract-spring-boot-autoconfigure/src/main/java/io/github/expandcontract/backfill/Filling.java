package io.github.expandcontract.backfill;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.BooleanSupplier;

import io.github.expandcontract.change.RowChange;

/**
 * A change whose rows are to be filled.
 *
 * @param change the change
 * @param goOn asked between batches; once it is false the change is let go, and others of
 * the same table go on without it
 */
public record Filling(RowChange change, BooleanSupplier goOn) {

	/**
	 * Divides changes into those that may share a pass over the rows: of the same table,
	 * and none reads what another one fills.
	 */
	static List<List<Filling>> together(List<Filling> fillings) {
		List<List<Filling>> groups = new ArrayList<>();
		for (Filling filling : fillings) {
			groups.stream().filter((group) -> group.stream().allMatch(filling::shares)).findFirst().orElseGet(() -> {
				List<Filling> created = new ArrayList<>();
				groups.add(created);
				return created;
			}).add(filling);
		}
		return groups;
	}

	private boolean shares(Filling other) {
		return this.change.table().equals(other.change.table()) && !reads(other) && !other.reads(this);
	}

	private boolean reads(Filling other) {
		return !Collections.disjoint(Direction.sources(this.change), other.change.newColumns());
	}

}
