package io.github.expandcontract.jdbc;

import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;

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

	private static final Log logger = LogFactory.getLog(Rules.class);

	private final Rewriter rewriter;

	private final boolean inFlight;

	private final ConcurrentLruCache<Key, Rewriting> cache;

	/**
	 * Creates rules.
	 * @param rewriter what rewrites a text
	 * @param inFlight whether any change is under way
	 */
	Rules(Rewriter rewriter, boolean inFlight) {
		this.rewriter = rewriter;
		this.inFlight = inFlight;
		this.cache = new ConcurrentLruCache<>(CACHED_TEXTS, (key) -> rewriter.rewrite(key.sql(), key.keys()));
	}

	boolean inFlight() {
		return this.inFlight;
	}

	/**
	 * Decides about a text. Never throws: what breaks the rewriter is refused.
	 */
	Rewriting rewrite(String sql, GeneratedKeys keys) {
		try {
			if (sql.length() > CACHED_LENGTH) {
				return this.rewriter.rewrite(sql, keys);
			}
			return this.cache.get(new Key(sql, keys));
		}
		catch (StackOverflowError ex) {
			// Not remembered: another thread may have more room.
			return new Rewriting.Refused(0, "The statement is nested too deep for the stack of this thread.",
					"Write the statement in a simpler form, or give the thread a larger stack.");
		}
		catch (RuntimeException ex) {
			logger.error("A statement that may name a changing column could not be read, and is refused", ex);
			return new Rewriting.Refused(0, "The statement could not be read: " + ex,
					"Write the statement in a simpler form, or run it outside of annotated repositories.");
		}
	}

	private record Key(String sql, GeneratedKeys keys) {
	}

}
