package io.github.expandcontract.coordination;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import io.github.expandcontract.phase.ChangeState;

/**
 * Evidence that costs the server something to give. What was seen of it a moment ago
 * still counts.
 */
final class Recent {

	/**
	 * How old evidence may be.
	 */
	static final Duration AGE = Duration.ofSeconds(5);

	private final Map<String, Look> looks = new ConcurrentHashMap<>();

	Evidence of(ChangeState state, String name, Supplier<Evidence> look) {
		String key = state.id() + "/" + name;
		Look last = this.looks.get(key);
		if (last != null && last.version() == state.version() && System.nanoTime() - last.at() < AGE.toNanos()) {
			return last.evidence();
		}
		Evidence evidence = look.get();
		this.looks.put(key, new Look(state.version(), System.nanoTime(), evidence));
		return evidence;
	}

	void forget(ChangeState state, String name) {
		this.looks.remove(state.id() + "/" + name);
	}

	private record Look(long version, long at, Evidence evidence) {

	}

}
