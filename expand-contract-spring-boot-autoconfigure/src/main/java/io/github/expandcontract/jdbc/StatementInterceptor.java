package io.github.expandcontract.jdbc;

import java.sql.Connection;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.UnannotatedAccess;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.sql.SchemaView;
import io.github.expandcontract.sql.StatementRewriter;

/**
 * What all connections of a data source share: the rules by which statements are
 * rewritten. Created before it is known what changes, and does nothing until then.
 *
 * <ol>
 * <li>A statement within a call of an annotated repository runs by the rules of the
 * snapshot under which the call was admitted.</li>
 * <li>All statements of one transaction follow the snapshot of its first one.</li>
 * <li>While no change is under way, statements are the driver's own.</li>
 * </ol>
 */
public final class StatementInterceptor {

	private final Admission admission;

	private final StatementListener listener;

	private final Rewriter.Factory factory;

	private volatile @Nullable RuleBook book;

	private volatile boolean namesVary;

	private volatile @Nullable String reportedPath;

	/**
	 * Creates an interceptor that does nothing yet.
	 * @param admission what admits calls
	 * @param listener is told what becomes of statements
	 */
	public StatementInterceptor(Admission admission, StatementListener listener) {
		this(admission, listener, (schema, rules) -> new StatementRewriter(schema, rules)::rewrite);
	}

	StatementInterceptor(Admission admission, StatementListener listener, Rewriter.Factory factory) {
		this.admission = admission;
		this.listener = listener;
		this.factory = factory;
	}

	/**
	 * Starts to look at statements, on connections that are handed out from now on.
	 * @param changes the declared changes; if there are none, nothing is looked at
	 * @param sync what keeps the columns in step
	 * @param access what happens to statements that do not come from an annotated
	 * repository
	 * @param schema the catalog as it is now
	 */
	public synchronized void activate(List<? extends Change> changes, SyncMode sync, UnannotatedAccess access,
			SchemaView schema) {
		this.book = changes.isEmpty() ? null : new RuleBook(this.factory, changes, sync, access, schema);
	}

	/**
	 * Goes on with another view of the catalog, and forgets every rewritten text.
	 * @param schema the catalog as it is now
	 */
	public synchronized void schemaChanged(SchemaView schema) {
		RuleBook present = this.book;
		if (present != null && !present.schema().equals(schema)) {
			this.book = present.with(schema);
		}
	}

	/**
	 * Whether unqualified names may mean one thing on this connection and another on
	 * others. Once they have been seen to, each connection is asked.
	 * @param reported the search path as the server reports it of itself, {@code null}
	 * from one older than PostgreSQL 18
	 */
	boolean namesVary(@Nullable String reported) {
		if (!this.namesVary && reported != null) {
			String known = this.reportedPath;
			if (known == null) {
				this.reportedPath = reported;
			}
			else if (!known.equals(reported)) {
				namesMoved();
			}
		}
		return this.namesVary;
	}

	void namesMoved() {
		this.namesVary = true;
	}

	Connection wrap(Connection connection) {
		return (this.book != null) ? RewritingConnection.wrap(connection, this) : connection;
	}

	@Nullable RuleBook book() {
		return this.book;
	}

	Admission admission() {
		return this.admission;
	}

	StatementListener listener() {
		return this.listener;
	}

}
