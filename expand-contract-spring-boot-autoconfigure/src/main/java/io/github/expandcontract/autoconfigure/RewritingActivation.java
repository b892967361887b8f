package io.github.expandcontract.autoconfigure;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.change.Change;
import io.github.expandcontract.jdbc.SchemaViewReader;
import io.github.expandcontract.jdbc.StatementInterceptor;

import org.springframework.jdbc.core.JdbcOperations;

/**
 * Gives the rewriting what it has to know of the catalog, once at the start and again
 * whenever that may have changed.
 */
class RewritingActivation {

	private final StatementInterceptor interceptor;

	private final ExpandContractProperties properties;

	private volatile @Nullable SchemaViewReader reader;

	RewritingActivation(StatementInterceptor interceptor, ExpandContractProperties properties) {
		this.interceptor = interceptor;
		this.properties = properties;
	}

	/**
	 * Starts to rewrite, where any change asks for it.
	 * @param control where to read the catalog, now and later
	 * @param searchPath schemas in which the application's connections look names up
	 * @param changes the declared changes
	 */
	void start(JdbcOperations control, List<String> searchPath, List<Change> changes) {
		List<Change> rewritten = changes.stream().filter((change) -> !change.changingColumns().isEmpty()).toList();
		if (rewritten.isEmpty()) {
			return;
		}
		SchemaViewReader created = new SchemaViewReader(control, () -> searchPath, rewritten);
		this.interceptor.activate(rewritten, this.properties.sync(), this.properties.unannotatedAccess(),
				created.read());
		this.reader = created;
		// A move may have come between the two, whose refresh found no reader.
		refresh();
	}

	/**
	 * Reads the catalog again, if the rewriting has begun. One at a time, so that what
	 * was read before a move never replaces what was read after it.
	 */
	synchronized void refresh() {
		SchemaViewReader present = this.reader;
		if (present != null) {
			this.interceptor.schemaChanged(present.read());
		}
	}

}
