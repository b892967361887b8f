package io.github.expandcontract.autoconfigure;

import io.github.expandcontract.coordination.Engine;
import io.github.expandcontract.coordination.Operations;

import org.springframework.context.SmartLifecycle;

/**
 * Starts the work in the background when the context has started, and ends it before the
 * context's beans are destroyed.
 */
class EngineLifecycle implements SmartLifecycle {

	private final Engine engine;

	private final Operations operations;

	EngineLifecycle(Engine engine, Operations operations) {
		this.engine = engine;
		this.operations = operations;
	}

	@Override
	public void start() {
		this.engine.start(this.operations.declared());
	}

	@Override
	public void stop() {
		this.engine.stop();
	}

	@Override
	public boolean isRunning() {
		return this.engine.isRunning();
	}

}
