package io.github.expandcontract.sample.demo;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class LedgerTests {

	private final Ledger ledger = new Ledger(new Seed(1000));

	@Test
	void acceptsASeededRowAndRefusesAnyOtherValue() {
		assertThatNoException().isThrownBy(() -> read(5, "user-5", "user-5@example.org", 0));
		assertWrong(5, "user-6", "user-5@example.org", 0);
		assertWrong(5, "user-5", "user-6@example.org", 0);
		assertWrong(5, "user-5", "user-5@example.org", 1);
	}

	@Test
	void refusesAStaleHandle() {
		LedgerRow row = this.ledger.seeded(5);
		row.handle().issue();
		row.handle().commit();
		assertThatNoException().isThrownBy(() -> read(5, "user-5.1", "user-5@example.org", 0));
		assertWrong(5, "user-5", "user-5@example.org", 0);
	}

	@Test
	void refusesARowThatNobodyWrote() {
		assertWrong(1001, "client-0-1", "client-0-1@example.org", 0);
	}

	@Test
	void acceptsARowThatIsBeingMade() {
		this.ledger.announce("client-0-1");
		assertThatNoException().isThrownBy(() -> read(1001, "client-0-1", "client-0-1@example.org", 0));
	}

	@Test
	void refusesADeletedRow() {
		LedgerRow row = this.ledger.seeded(5);
		row.beginDelete();
		assertThatNoException().isThrownBy(() -> read(5, "user-5", "user-5@example.org", 0));
		row.endDelete();
		assertWrong(5, "user-5", "user-5@example.org", 0);
	}

	@Test
	void refusesALostVisit() {
		LedgerRow guest = this.ledger.guest("guest-1");
		for (int i = 0; i < 2; i++) {
			guest.beginVisit();
			guest.endVisit();
		}
		assertThatNoException()
			.isThrownBy(() -> guest.check(seen(1001, "guest-1", 2), System.nanoTime(), guest.visits()));
		assertThatExceptionOfType(WrongValueException.class)
			.isThrownBy(() -> guest.check(seen(1001, "guest-1", 1), System.nanoTime(), guest.visits()));
	}

	@Test
	void refusesASecondRowForOneGuest() {
		LedgerRow guest = this.ledger.guest("guest-1");
		guest.check(seen(1001, "guest-1", 0), System.nanoTime(), 0);
		assertThatExceptionOfType(WrongValueException.class)
			.isThrownBy(() -> guest.check(seen(1002, "guest-1", 0), System.nanoTime(), 0));
	}

	private void assertWrong(long id, String handle, String email, int visits) {
		assertThatExceptionOfType(WrongValueException.class).isThrownBy(() -> read(id, handle, email, visits));
	}

	private void read(long id, String handle, String email, int visits) {
		this.ledger.check(new Seen(id, handle, email, visits), System.nanoTime());
	}

	private static Seen seen(long id, String handle, int visits) {
		return new Seen(id, handle, handle + "@example.org", visits);
	}

}
