package io.github.expandcontract.schema;

import java.util.List;
import java.util.Set;

/**
 * What the transaction of CONTRACT carries from old to new, as it was found just before.
 *
 * @param objects what hangs on old and is carried; whatever else does would be lost
 * @param state the state of those objects whose definition was read
 * @param before the steps before old is dropped
 * @param after the steps after it
 */
record Carried(Set<ObjectId> objects, String state, List<Step> before, List<Step> after) {

	static final Carried NOTHING = new Carried(Set.of(), "", List.of(), List.of());

}
