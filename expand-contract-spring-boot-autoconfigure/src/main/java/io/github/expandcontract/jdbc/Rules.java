package io.github.expandcontract.jdbc;

import org.springframework.util.ConcurrentLruCache;

import io.github.expandcontract.sql.GeneratedKeys;
import io.github.expandcontract.sql.Rewriting;

/**
 * What becomes of a text by the rules of one set of phases and one view of the catalog.
 * Remembers the answer for each text, within bounds.
 */
final class Rules {

	private static final int CACHED_TEXTS = 1000;

	private static final int CACHED_LENGTH = 64 * 1024;

	private final Rewriter rewriter;

	private final boolean inFlight;

	private final ConcurrentLruCache<Key, Answer> cache;

	/**
	 * Creates rules.
	 * @param rewriter what rewrites a text
	 * @param inFlight whether any change is under way
	 */
	Rules(Rewriter rewriter, boolean inFlight) {
		this.rewriter = rewriter;
		this.inFlight = inFlight;
		this.cache = new ConcurrentLruCache<>(CACHED_TEXTS, (key) -> answer(key.sql(), key.keys()));
	}

	boolean inFlight() {
		return this.inFlight;
	}

	Rewriting rewrite(String sql, GeneratedKeys keys) {
		return look(sql, keys).rewriting();
	}

	Answer look(String sql, GeneratedKeys keys) {
		if (sql.length() > CACHED_LENGTH) {
			return answer(sql, keys);
		}
		return this.cache.get(new Key(sql, keys));
	}

	private Answer answer(String sql, GeneratedKeys keys) {
		return new Answer(this.rewriter.rewrite(sql, keys), SessionNames.mayBeMovedBy(sql));
	}

	/**
	 * What is known of a text.
	 *
	 * @param rewriting what becomes of it
	 * @param movesNames whether unqualified names may mean something else once it has run
	 */
	record Answer(Rewriting rewriting, boolean movesNames) {
	}

	private record Key(String sql, GeneratedKeys keys) {
	}

}
