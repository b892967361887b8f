package io.github.expandcontract.coordination;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.backfill.Examination;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.phase.ChangeState;

/**
 * The rows of a change, on whatever course: what the leader has done with them, and what
 * has to be known of them before a change leaves {@link Phase#BACKFILL}, and before it
 * ends.
 */
final class Rows {

	private static final Log logger = LogFactory.getLog(Rows.class);

	// How long a table that somebody has to mend is left alone between two readings.
	private static final Duration PAUSE = Duration.ofSeconds(60);

	// How long other changes, and a target that has changed, wait for a reverse backfill.
	private static final Duration REVERSE_SLICE = Duration.ofSeconds(2);

	private static final String VERIFICATION = "verification";

	private final RowChange change;

	private final Backfill backfill;

	Rows(RowChange change, Backfill backfill) {
		this.change = change;
		this.backfill = backfill;
	}

	/**
	 * Tries the expressions on every row. To be called before there is a trigger, which
	 * would refuse the writes of others that hold a value that does not convert.
	 */
	void examine() {
		this.backfill.examine(this.change, () -> true)
			.filter((examination) -> examination.lossy() > 0)
			.ifPresent((examination) -> logger.warn("Change '" + this.change.id() + "': " + lossy(examination)));
	}

	/**
	 * What is lost on the way there and back, where something is.
	 */
	Optional<Evidence> conversion() {
		return this.backfill.lastExamination(this.change)
			.filter((examination) -> examination.lossy() > 0)
			.map((examination) -> Evidence.ok("conversion", lossy(examination)));
	}

	private String lossy(Examination examination) {
		String keep = (this.change.oldColumns().size() == 1) ? "the column keeps" : "the old columns keep";
		return "In " + examination.lossy() + " of " + examination.rows() + " rows down does not give back what '"
				+ quoted(this.change.oldColumns()) + "' held when up took it, for example in " + examination.sample()
				+ ". Before contract " + keep + " it where nobody writes the row; the way back from contract "
				+ "brings what down gives.";
	}

	/**
	 * Lets the workers begin, unless they have.
	 * @return whether they have filled every row
	 */
	boolean filled() {
		this.backfill.prepare(this.change);
		return this.backfill.complete(this.change);
	}

	/**
	 * Verifies every row once in a phase, and has the rows swept again where some are not
	 * filled.
	 */
	void verifyAndMend(ChangeState state, BooleanSupplier goOn) {
		mend(sinceEntered(state).filter(Verification::clean).orElseGet(() -> this.backfill.verify(this.change, goOn)),
				goOn);
	}

	/**
	 * Does so even if the rows have been verified in this phase.
	 */
	void verifyAgainAndMend(BooleanSupplier goOn) {
		mend(this.backfill.verify(this.change, goOn), goOn);
	}

	private void mend(Verification verification, BooleanSupplier goOn) {
		if (!verification.clean() && goOn.getAsBoolean()) {
			this.backfill.sweepAgain(this.change);
			throw new RowsDifferException(this.change, verification);
		}
	}

	/**
	 * Verifies every row once in a phase in which nothing mends them. One that found a
	 * mismatch counts for a while, so that the table is not read without a pause until
	 * somebody has mended it.
	 */
	void verifyNowAndThen(ChangeState state, BooleanSupplier goOn) {
		if (sinceEntered(state).filter((last) -> last.clean() || last.at().isAfter(Instant.now().minus(PAUSE)))
			.isEmpty()) {
			this.backfill.verify(this.change, goOn);
		}
	}

	private Optional<Verification> sinceEntered(ChangeState state) {
		return this.backfill.lastVerification(this.change)
			.filter((verification) -> !verification.at().isBefore(state.enteredAt()));
	}

	/**
	 * Fills the old columns from the new ones, for a while.
	 * @return whether that is complete
	 */
	boolean reverse(BooleanSupplier goOn) {
		long end = System.nanoTime() + REVERSE_SLICE.toNanos();
		this.backfill.reverse(this.change, () -> goOn.getAsBoolean() && System.nanoTime() - end < 0);
		return this.backfill.reverseComplete(this.change);
	}

	/**
	 * Whether nothing else stands against a move than that the rows are to be verified.
	 */
	static boolean areAllThatIsLeft(List<Evidence> evidence) {
		return evidence.stream().allMatch((each) -> each.passes() || each.name().equals(VERIFICATION));
	}

	Evidence backfilled() {
		if (this.backfill.complete(this.change)) {
			return Evidence.ok("backfill", "Every row has been filled.");
		}
		BackfillProgress progress = this.backfill.progress(this.change);
		if (this.backfill.paused(this.change.id())) {
			return Evidence.blocks("backfill",
					"The backfill is paused at " + progress.rowsDone() + " rows. Resume it by the endpoint.");
		}
		return Evidence.waits("backfill", "The backfill has done " + progress.rowsDone() + " of about "
				+ progress.rowsTotal() + " rows. " + progress.state());
	}

	Evidence verified(ChangeState state) {
		Optional<Verification> last = sinceEntered(state);
		if (last.isEmpty()) {
			return Evidence.waits(VERIFICATION, "Not every row has been verified since the phase "
					+ state.phase().propertyName() + " was entered.");
		}
		return last.get().clean() ? Evidence.ok(VERIFICATION, last.get().rows() + " rows verified, no mismatch.")
				: Evidence.blocks(VERIFICATION, mismatches(last.get()));
	}

	private String mismatches(Verification verification) {
		String news = quoted(this.change.newColumns());
		String wrong = (this.change.newColumns().size() == 1) ? news + "' does not hold what '"
				: news + "' do not hold what '";
		boolean replacesNothing = this.change.oldColumns().isEmpty();
		String found = "In " + verification.mismatches() + " of " + verification.rows() + " rows '"
				+ (replacesNothing ? news + "' is NULL" : wrong + quoted(this.change.oldColumns()) + "' gives")
				+ ", for example in " + verification.sample() + ". ";
		if (replacesNothing) {
			return found + "Fill these rows, or find out who writes NULL.";
		}
		return found + "Find out who writes past the trigger"
				+ (keepsPromise() ? "." : ", or whether up(down(value)) is really the value again.");
	}

	/**
	 * Whether nothing but a write past the trigger can be the reason of a mismatch.
	 */
	private boolean keepsPromise() {
		return !(this.change instanceof ChangeType type && type.lossless());
	}

	private static String quoted(List<String> columns) {
		return String.join("', '", columns);
	}

}
