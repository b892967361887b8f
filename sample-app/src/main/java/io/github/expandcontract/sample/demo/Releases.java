package io.github.expandcontract.sample.demo;

import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Consumer;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

/**
 * The new release as soon as it is up, and the previous one for as long as it lives.
 */
final class Releases implements AutoCloseable {

	private final Supplier<PreviousRelease> starter;

	private final ReadWriteLock lock = new ReentrantReadWriteLock();

	private volatile @Nullable Release current;

	private volatile @Nullable PreviousRelease previous;

	Releases(Supplier<PreviousRelease> starter) {
		this.starter = starter;
	}

	@Nullable Release current() {
		return this.current;
	}

	void startCurrent(Release release) {
		this.current = release;
	}

	/**
	 * Sends a request to the previous release.
	 * @param request the request
	 * @return whether there is a previous release, else nothing was sent
	 */
	boolean usePrevious(Consumer<Release> request) {
		if (this.previous == null) {
			return false;
		}
		Lock read = this.lock.readLock();
		read.lock();
		try {
			PreviousRelease release = this.previous;
			if (release == null) {
				return false;
			}
			request.accept(release);
			return true;
		}
		finally {
			read.unlock();
		}
	}

	void startPrevious() {
		this.previous = this.starter.get();
	}

	/**
	 * Lets the requests in flight end, and stops the previous release with its sessions.
	 */
	void stopPrevious() {
		Lock write = this.lock.writeLock();
		write.lock();
		try {
			PreviousRelease release = this.previous;
			this.previous = null;
			if (release != null) {
				release.close();
			}
		}
		finally {
			write.unlock();
		}
	}

	@Override
	public void close() {
		stopPrevious();
	}

}
