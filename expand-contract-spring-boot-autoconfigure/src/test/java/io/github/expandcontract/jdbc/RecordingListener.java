package io.github.expandcontract.jdbc;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import io.github.expandcontract.UnannotatedAccess;

/**
 * Remembers what it was told.
 */
final class RecordingListener implements StatementListener {

	final AtomicInteger rewritten = new AtomicInteger();

	final List<StatementRefusedException> refused = new CopyOnWriteArrayList<>();

	final List<String> unannotated = new CopyOnWriteArrayList<>();

	@Override
	public void rewritten(String sql) {
		this.rewritten.incrementAndGet();
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
