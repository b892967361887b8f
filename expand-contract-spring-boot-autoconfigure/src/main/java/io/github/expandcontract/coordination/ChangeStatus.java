package io.github.expandcontract.coordination;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;
import io.github.expandcontract.backfill.BackfillProgress;
import io.github.expandcontract.backfill.Verification;
import io.github.expandcontract.phase.ChangeState;

/**
 * All that is known of a change at one moment.
 *
 * @param state its row
 * @param description what it does
 * @param target what the cluster aims at
 * @param heldCutover whether calls are held for a moment when it enters
 * {@link Phase#CONTRACT}
 * @param backfill how far the backfill is
 * @param verification the last verification, if there was one
 * @param evidence what the next move has to know
 */
public record ChangeStatus(ChangeState state, String description, Phase target, boolean heldCutover,
		BackfillProgress backfill, @Nullable Verification verification, List<Evidence> evidence) {

}
