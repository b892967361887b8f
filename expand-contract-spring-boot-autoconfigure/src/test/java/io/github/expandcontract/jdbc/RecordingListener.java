package io.github.expandcontract.jdbc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

import io.github.expandcontract.UnannotatedAccess;

/**
 * Remembers what it was told.
 */
final class RecordingListener implements StatementListener {

	final List<String> rewritten = new CopyOnWriteArrayList<>();

	final List<StatementRefusedException> refused = new CopyOnWriteArrayList<>();

	final List<String> unannotated = new CopyOnWriteArrayList<>();

	@Override
	public void rewritten(String sql) {
		this.rewritten.add(sql);
	}

	@Override
	public void refused(StatementRefusedException refusal) {
		this.refused.add(refusal);
	}

	@Override
	public void unannotated(String sql, UnannotatedAccess access) {
		this.unannotated.add(sql);
	}

}
