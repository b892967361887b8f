package io.github.expandcontract.sample.demo;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/**
 * One client of the service. It sends a request, checks the answer against the ledger,
 * thinks for some milliseconds, and goes on.
 *
 * <p>
 * Each value has one client that writes it, so that what a read must see is exact, and
 * any client reads it through either release. A few rows are written by two clients at
 * once, one column each and each through another release. Users who sign in are written
 * by everyone.
 */
final class Client {

	/** Rows with ids up to here are written by two clients, one column each. */
	static final int CONTENDED = 400;

	private static final int OWN_ROWS = 400;

	private final Ledger ledger;

	private final Crowd crowd;

	private final int number;

	private final List<Consumer<Release>> deck = new ArrayList<>();

	private final List<LedgerRow> own = new ArrayList<>();

	private final OrderClient orders;

	private int created;

	/**
	 * Creates a client.
	 * @param ledger what is written down
	 * @param crowd all the clients
	 * @param number this one's number, from 0
	 */
	Client(Ledger ledger, Crowd crowd, int number) {
		this.ledger = ledger;
		this.crowd = crowd;
		this.number = number;
		this.orders = new OrderClient(ledger.orders(), number, crowd.size());
		deal(22, this::readById);
		deal(22, this::readByHandle);
		deal(3, this::readPage);
		deal(8, this::replace);
		deal(8, this::updateHandle);
		deal(6, this::updateEmail);
		deal(10, this::updateContended);
		deal(8, this::create);
		deal(2, this::createAll);
		deal(9, this::signIn);
		deal(2, this::delete);
		deal(14, this.orders::read);
		deal(3, this.orders::readPage);
		deal(14, this.orders::reprice);
		deal(6, this.orders::create);
	}

	/**
	 * Whether this client belongs to the previous release.
	 * @return whether it prefers that one, and rests while there is none
	 */
	boolean prefersPrevious() {
		return this.number >= this.crowd.current();
	}

	/**
	 * Whether the next request goes to the previous release, if it lives. Now and then a
	 * client goes to the other release than its own, and must find there what it wrote
	 * here.
	 * @return whether to choose the previous release
	 */
	boolean choosesPrevious() {
		return prefersPrevious() ? random(100) < 80 : random(100) < 15;
	}

	/**
	 * Sends one request.
	 * @param release where to send it
	 */
	void request(Release release) {
		this.deck.get(random(this.deck.size())).accept(release);
	}

	private void deal(int cards, Consumer<Release> request) {
		this.deck.addAll(Collections.nCopies(cards, request));
	}

	private void readById(Release release) {
		LedgerRow row = someRow();
		int visits = row.visits();
		long since = System.nanoTime();
		check(row, release.findById(row.id()), since, visits, row.isDeleting());
	}

	private void readByHandle(Release release) {
		LedgerRow row = someRow();
		int visits = row.visits();
		long since = System.nanoTime();
		String handle = row.handle().current();
		Optional<Seen> seen = release.findByHandle(handle);
		check(row, seen, since, visits, row.isDeleting() || row.handle().mayHaveLeft(handle));
		if (seen.isPresent() && !seen.get().handle().equals(handle)) {
			throw new WrongValueException("Asked for handle " + handle + " and read " + seen.get());
		}
	}

	private void readPage(Release release) {
		long since = System.nanoTime();
		List<Seen> page = release.page(someRow().handle().current(), 10);
		page.forEach((seen) -> this.ledger.check(seen, since));
	}

	private void replace(Release release) {
		LedgerRow row = ownRow();
		String handle = row.handle().issue();
		String email = row.email().issue();
		require(release.replace(row.id(), handle, email), row);
		row.handle().commit();
		row.email().commit();
	}

	private void updateHandle(Release release) {
		writeHandle(release, ownRow());
	}

	private void updateEmail(Release release) {
		writeEmail(release, ownRow());
	}

	private void updateContended(Release release) {
		int peers = prefersPrevious() ? this.crowd.previous() : this.crowd.current();
		int place = prefersPrevious() ? this.number - this.crowd.current() : this.number;
		int pair = place + peers * random((CONTENDED / 2 - place + peers - 1) / peers);
		LedgerRow row = this.ledger.seeded(1 + 2 * pair + random(2));
		this.ledger.touched(row);
		if ((row.id() % 2 == 0) == prefersPrevious()) {
			writeHandle(release, row);
		}
		else {
			writeEmail(release, row);
		}
	}

	private void writeHandle(Release release, LedgerRow row) {
		require(release.updateHandle(row.id(), row.handle().issue()), row);
		row.handle().commit();
	}

	private void writeEmail(Release release, LedgerRow row) {
		require(release.updateEmail(row.id(), row.email().issue()), row);
		row.email().commit();
	}

	private void create(Release release) {
		String handle = newHandle();
		this.ledger.announce(handle);
		keep(this.ledger.created(handle, release.create(handle, Release.emailOf(handle))));
	}

	private void createAll(Release release) {
		List<String> handles = new ArrayList<>();
		for (int i = 0; i < 20; i++) {
			handles.add(newHandle());
		}
		handles.forEach(this.ledger::announce);
		List<Seen> batch = release.createAll(handles);
		if (batch.size() != handles.size()) {
			throw new WrongValueException("Made " + handles.size() + " users and got " + batch.size());
		}
		for (Seen seen : batch) {
			if (!handles.contains(seen.handle())) {
				throw new WrongValueException("Made " + handles + " and got " + seen);
			}
			keep(this.ledger.created(seen.handle(), seen));
		}
	}

	private void signIn(Release release) {
		String handle = this.crowd.nextGuest();
		LedgerRow guest = this.ledger.guest(handle);
		int visits = guest.visits();
		long since = System.nanoTime();
		guest.beginVisit();
		Seen seen = release.signIn(handle, Release.emailOf(handle));
		guest.check(seen, since, visits + 1);
		guest.endVisit();
		this.ledger.arrived(guest);
		this.ledger.touched(guest);
	}

	private void delete(Release release) {
		LedgerRow row = ownRow();
		this.own.remove(row);
		row.beginDelete();
		require(release.delete(row.id()), row);
		row.endDelete();
	}

	private String newHandle() {
		return "client-" + this.number + "-" + this.created++;
	}

	private LedgerRow someRow() {
		return (!this.own.isEmpty() && random(2) == 0) ? this.own.get(random(this.own.size())) : this.ledger.any();
	}

	private LedgerRow ownRow() {
		if (!this.own.isEmpty() && random(10) < 6) {
			LedgerRow row = this.own.get(random(this.own.size()));
			this.ledger.touched(row);
			return row;
		}
		int share = (this.ledger.seed().rows() - CONTENDED) / this.crowd.size();
		LedgerRow row = this.ledger.seeded(1L + CONTENDED + this.number + (long) this.crowd.size() * random(share));
		if (row.isDeleting()) {
			return ownRow();
		}
		keep(row);
		return row;
	}

	private void keep(LedgerRow row) {
		this.ledger.touched(row);
		if (this.own.contains(row)) {
			return;
		}
		if (this.own.size() < OWN_ROWS) {
			this.own.add(row);
		}
		else {
			this.own.set(random(OWN_ROWS), row);
		}
	}

	private static void check(LedgerRow row, Optional<Seen> seen, long since, int visits, boolean mayBeAbsent) {
		if (seen.isPresent()) {
			row.check(seen.get(), since, visits);
		}
		else if (!mayBeAbsent && !row.isDeleting()) {
			throw new WrongValueException("Row " + row.id() + " was not found; its handle is " + row.handle());
		}
	}

	private static void require(boolean found, LedgerRow row) {
		if (!found) {
			throw new WrongValueException("Row " + row.id() + " could not be written, it was not found");
		}
	}

	private static int random(int bound) {
		return ThreadLocalRandom.current().nextInt(bound);
	}

}
