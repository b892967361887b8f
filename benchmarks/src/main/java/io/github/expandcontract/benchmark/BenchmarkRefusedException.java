package io.github.expandcontract.benchmark;

/**
 * A benchmark is not run, because its numbers would mean nothing or because something
 * that it needs is missing.
 */
final class BenchmarkRefusedException extends RuntimeException {

	BenchmarkRefusedException(String message) {
		super(message);
	}

	BenchmarkRefusedException(String message, Throwable cause) {
		super(message, cause);
	}

}
