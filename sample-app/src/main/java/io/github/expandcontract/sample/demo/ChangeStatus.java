package io.github.expandcontract.sample.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * What the endpoint says about the change. What does not apply yet is absent there and
 * zero or empty here.
 *
 * @param phase the phase that holds for all instances, as yml spells it
 * @param target the phase to reach
 * @param waitsFor what the next step waits for
 * @param backfillState state of the backfill
 * @param rowsDone rows that are filled in
 * @param rowsTotal rows to fill in
 * @param rowsPerSecond speed of the backfill
 * @param etaSeconds seconds until it is through
 * @param verifiedAt when all rows were verified last
 * @param verifiedRows how many rows that were
 * @param mismatches rows that were found to differ
 * @param evidence what a step into contract looks at, one line each
 */
record ChangeStatus(String phase, String target, List<String> waitsFor, String backfillState, long rowsDone,
		long rowsTotal, double rowsPerSecond, long etaSeconds, @Nullable String verifiedAt, long verifiedRows,
		long mismatches, List<String> evidence) {

	private static final Set<String> COMPLETE = Set.of("complete", "completed", "done", "finished", "verified");

	static ChangeStatus of(JsonNode change) {
		JsonNode backfill = change.path("backfill");
		JsonNode verification = change.path("verification");
		List<String> evidence = new ArrayList<>();
		change.path("evidence")
			.forEach((item) -> evidence
				.add(text(item, "verdict") + "  " + text(item, "name") + ": " + text(item, "detail")));
		List<String> waitsFor = new ArrayList<>();
		change.path("waitsFor").forEach((item) -> waitsFor.add(item.isString() ? item.asString() : item.toString()));
		String verifiedAt = text(verification, "at");
		return new ChangeStatus(phaseName(text(change, "phase")), phaseName(text(change, "target")), waitsFor,
				text(backfill, "state").toLowerCase(Locale.ROOT), backfill.path("rowsDone").asLong(0),
				backfill.path("rowsTotal").asLong(0), backfill.path("rowsPerSecond").asDouble(0),
				backfill.path("etaSeconds").asLong(0), verifiedAt.isEmpty() ? null : verifiedAt,
				verification.path("rows").asLong(0), verification.path("mismatches").asLong(0), evidence);
	}

	/**
	 * Whether all rows are filled in and were verified after a former verification.
	 * @param former time of the verification that does not count, or {@code null}
	 * @return whether nothing is left to do and no row differs
	 */
	boolean isVerifiedSince(@Nullable String former) {
		return COMPLETE.contains(this.backfillState) && this.verifiedAt != null && !this.verifiedAt.equals(former)
				&& this.mismatches == 0;
	}

	private static String phaseName(String phase) {
		return phase.toLowerCase(Locale.ROOT).replace('_', '-');
	}

	private static String text(JsonNode node, String name) {
		JsonNode value = node.path(name);
		return (value.isMissingNode() || value.isNull()) ? "" : value.asString();
	}

}
