package io.github.expandcontract.coordination;

import java.util.List;
import java.util.Optional;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.RowChange;
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

	Evidence backfilled(RowChange change) {
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

	Evidence verified(RowChange change, ChangeState state) {
		Optional<Verification> last = this.backfill.lastVerification(change)
			.filter((verification) -> !verification.at().isBefore(state.enteredAt()));
		if (last.isEmpty()) {
			return Evidence.waits(VERIFICATION, "Not every row has been verified since the phase "
					+ state.phase().propertyName() + " was entered.");
		}
		if (last.get().mismatches() > 0) {
			return Evidence.blocks(VERIFICATION, mismatches(change, last.get()));
		}
		return Evidence.ok(VERIFICATION, last.get().rows() + " rows verified, no mismatch.");
	}

	private static String mismatches(RowChange change, Verification verification) {
		String news = quoted(change.newColumns());
		String wrong = (change.newColumns().size() == 1) ? news + "' does not hold what '"
				: news + "' do not hold what '";
		String found = "In " + verification.mismatches() + " of " + verification.rows() + " rows '"
				+ (change.oldColumns().isEmpty() ? news + "' is NULL" : wrong + quoted(change.oldColumns()) + "' gives")
				+ ", for example in " + verification.sample() + ". ";
		if (change.oldColumns().isEmpty()) {
			return found + "Fill these rows, or find out who writes NULL.";
		}
		return found + "Find out who writes past the trigger"
				+ (keepsPromise(change) ? "." : ", or whether up(down(value)) is really the value again.");
	}

	private static String quoted(List<String> columns) {
		return String.join("', '", columns);
	}

	/**
	 * Whether nothing but a write past the trigger can be the reason of a mismatch.
	 */
	private static boolean keepsPromise(RowChange change) {
		return !(change instanceof ChangeType type && type.lossless());
	}

}
