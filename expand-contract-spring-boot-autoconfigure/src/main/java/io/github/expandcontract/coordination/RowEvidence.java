package io.github.expandcontract.coordination;

import java.util.Optional;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.phase.ChangeState;

/**
 * What has to be known of the rows before a change leaves {@link Phase#BACKFILL}, and
 * before it ends.
 */
final class RowEvidence {

	static final String VERIFICATION = "verification";

	private final Backfill backfill;

	RowEvidence(Backfill backfill) {
		this.backfill = backfill;
	}

	Evidence backfilled(ColumnChange change) {
		if (this.backfill.complete(change)) {
			return Evidence.ok("backfill", "Every row has been filled.");
		}
		BackfillProgress progress = this.backfill.progress(change);
		if (this.backfill.paused(change.id())) {
			return Evidence.blocks("backfill",
					"The backfill is paused at " + progress.rowsDone() + " rows. Resume it by the endpoint.");
		}
		return Evidence.waits("backfill", "The backfill has done " + progress.rowsDone() + " of about "
				+ progress.rowsTotal() + " rows. " + progress.state());
	}

	Evidence verified(ColumnChange change, ChangeState state) {
		Optional<Verification> last = this.backfill.lastVerification(change)
			.filter((verification) -> !verification.at().isBefore(state.enteredAt()));
		if (last.isEmpty()) {
			return Evidence.waits(VERIFICATION, "Not every row has been verified since the phase "
					+ state.phase().propertyName() + " was entered.");
		}
		if (last.get().mismatches() > 0) {
			return Evidence.blocks(VERIFICATION,
					"In " + last.get().mismatches() + " of " + last.get().rows() + " rows '" + change.newColumn()
							+ "' does not hold what '" + change.oldColumn() + "' gives, for example in "
							+ last.get().sample() + ". Find out who writes past the trigger"
							+ (keepsPromise(change) ? "." : ", or whether up(down(value)) is really the value again."));
		}
		return Evidence.ok(VERIFICATION, last.get().rows() + " rows verified, no mismatch.");
	}

	/**
	 * Whether nothing but a write past the trigger can be the reason of a mismatch.
	 */
	private static boolean keepsPromise(ColumnChange change) {
		return change.fold((rename) -> true, (type) -> !type.lossless());
	}

}
