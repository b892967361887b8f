package io.github.expandcontract.lifecycle;

/**
 * An application in a process of its own, to be killed.
 */
final class KilledInstance {

	private KilledInstance() {
	}

	public static void main(String[] args) throws InterruptedException {
		LifecycleApplication.start(args[0], args[1].split(","));
		Thread.currentThread().join();
	}

}
