package io.github.expandcontract.jdbc;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

import io.github.expandcontract.UnannotatedAccess;
import io.github.expandcontract.postgres.Mentions;
import org.apache.commons.logging.Log;
import org.apache.commons.logging.LogFactory;
import org.jspecify.annotations.Nullable;

/**
 * Which statements named a changing column without coming from an annotated repository,
 * and how often. Remembers a bounded number of texts and counts the rest together. Values
 * that stand in a text are not remembered.
 */
public final class UnannotatedStatements implements StatementListener {

	private static final int REMEMBERED = 200;

	private static final Log logger = LogFactory.getLog(UnannotatedStatements.class);

	private final Map<String, Sightings> texts = new ConcurrentHashMap<>();

	private final AtomicBoolean full = new AtomicBoolean();

	private final LongAdder total = new LongAdder();

	private long othersTold;

	@Override
	public void unannotated(String sql, UnannotatedAccess access) {
		this.total.increment();
		Sightings known = this.texts.get(sql);
		if (known == null) {
			String text = StatementExcerpt.anonymous(sql);
			known = this.texts.get(text);
			if (known == null) {
				known = remember(text, sql, access);
			}
		}
		if (known != null) {
			known.seen();
		}
	}

	private @Nullable Sightings remember(String text, String sql, UnannotatedAccess access) {
		if (this.texts.size() >= REMEMBERED) {
			if (this.full.compareAndSet(false, true)) {
				logger.warn(REMEMBERED + " different statements name a changing column and do not come from an "
						+ "annotated repository. Others are counted from now on, but neither logged nor shown.");
			}
			return this.texts.get(text);
		}
		Sightings added = new Sightings(Mentions.in(sql));
		Sightings earlier = this.texts.putIfAbsent(text, added);
		if (earlier == null && access == UnannotatedAccess.WARN && logger.isWarnEnabled()) {
			logger.warn("A statement names a changing column and does not come from an annotated repository. "
					+ "It runs as it is: the trigger alone keeps the columns in step for it, and with "
					+ "expand-contract.sync=application nothing does. Move it to a class or interface with "
					+ "@ExpandContractRepository: " + text);
		}
		return (earlier != null) ? earlier : added;
	}

	/**
	 * How often such a statement was seen, remembered or not.
	 * @return the number since the application started
	 */
	public long total() {
		return this.total.sum();
	}

	/**
	 * The remembered texts.
	 * @return at most 200 texts, the most frequent first
	 */
	public List<Entry> entries() {
		return this.texts.entrySet()
			.stream()
			.map((entry) -> entry.getValue().toEntry(entry.getKey()))
			.sorted(Comparator.comparingLong(Entry::count).reversed().thenComparing(Entry::sql))
			.toList();
	}

	/**
	 * What was seen since the last time that this was asked.
	 * @return at most 200 texts, and one more for all that are not remembered
	 */
	public synchronized List<News> news() {
		List<News> news = new ArrayList<>();
		long remembered = 0;
		for (Map.Entry<String, Sightings> entry : this.texts.entrySet()) {
			Sightings sightings = entry.getValue();
			long count = sightings.count.sum();
			remembered += count;
			if (count > sightings.told) {
				news.add(new News(entry.getKey(), sightings.mentions, count - sightings.told, sightings.lastSeen()));
				sightings.told = count;
			}
		}
		long others = this.full.get() ? this.total.sum() - remembered : 0;
		if (others > this.othersTold) {
			news.add(new News("(statements beyond the first " + REMEMBERED + ")", Mentions.ofAnything(),
					others - this.othersTold, Instant.now()));
			this.othersTold = others;
		}
		return news;
	}

	/**
	 * A text and how often it was seen lately.
	 *
	 * @param sql the text as in {@link Entry}
	 * @param mentions the names in it
	 * @param count how often since the last time
	 * @param lastSeen when for the last time
	 */
	public record News(String sql, Mentions mentions, long count, Instant lastSeen) {
	}

	/**
	 * A text and how often it was seen.
	 *
	 * @param sql the text with {@code ?} in place of each value and without comments, at
	 * most its first 1,000 characters
	 * @param count how often
	 * @param firstSeen when for the first time
	 * @param lastSeen when for the last time
	 */
	public record Entry(String sql, long count, Instant firstSeen, Instant lastSeen) {
	}

	private static final class Sightings {

		private final LongAdder count = new LongAdder();

		private final Instant first = Instant.now();

		private final AtomicLong last = new AtomicLong();

		private final Mentions mentions;

		private long told;

		Sightings(Mentions mentions) {
			this.mentions = mentions;
		}

		void seen() {
			this.count.increment();
			this.last.set(System.currentTimeMillis());
		}

		Entry toEntry(String sql) {
			return new Entry(sql, this.count.sum(), this.first, lastSeen());
		}

		Instant lastSeen() {
			Instant seen = Instant.ofEpochMilli(this.last.get());
			return seen.isBefore(this.first) ? this.first : seen;
		}

	}

}
