package io.github.expandcontract.sample.demo;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatNoException;

class ClientTests {

	private static final int REQUESTS = 5_000;

	private final Seed seed = new Seed(4_000);

	private final Ledger ledger = new Ledger(this.seed);

	private final Crowd crowd = new Crowd(2, 1);

	private final MemoryRelease release = new MemoryRelease();

	private final List<Client> clients = List.of(new Client(this.ledger, this.crowd, 0),
			new Client(this.ledger, this.crowd, 1), new Client(this.ledger, this.crowd, 2));

	@Test
	void isContentWithARightService() {
		assertThatNoException().isThrownBy(this::requests);
	}

	@Test
	void findsAHandleThatIsNotWritten() {
		this.release.written = (seen) -> new Seen(seen.id(), this.seed.handle(seen.id()), seen.email(), seen.visits());
		assertThatExceptionOfType(WrongValueException.class).isThrownBy(this::requests);
	}

	@Test
	void findsAnEmailThatIsLost() {
		this.release.written = (seen) -> new Seen(seen.id(), seen.handle(), this.seed.email(seen.id()), seen.visits());
		assertThatExceptionOfType(WrongValueException.class).isThrownBy(this::requests);
	}

	@Test
	void findsAVisitThatIsLost() {
		this.release.signedIn = (seen) -> new Seen(seen.id(), seen.handle(), seen.email(), 1);
		assertThatExceptionOfType(WrongValueException.class).isThrownBy(this::requests);
	}

	@Test
	void findsRowsThatCannotBeFoundByTheirHandle() {
		this.release.findsByHandle = false;
		assertThatExceptionOfType(WrongValueException.class).isThrownBy(this::requests)
			.withMessageContaining("was not found");
	}

	@Test
	void findsAPriceThatIsNotWritten() {
		this.release.orders.priced = (seen) -> this.seed.order(seen.id());
		assertThatExceptionOfType(WrongValueException.class).isThrownBy(this::requests)
			.withMessageContaining("its price rose");
	}

	@Test
	void findsAPriceInTheWrongUnit() {
		this.release.orders.priced = (seen) -> new SeenOrder(seen.id(), seen.customer(), seen.cents() * 100,
				seen.quantity(), seen.shippingMethod());
		assertThatExceptionOfType(WrongValueException.class).isThrownBy(this::requests)
			.withMessageContaining("its price rose");
	}

	@Test
	void findsAnOrderWithAnotherShippingMethod() {
		this.release.orders.created = (seen) -> new SeenOrder(seen.id(), seen.customer(), seen.cents(), seen.quantity(),
				"drone");
		assertThatExceptionOfType(WrongValueException.class).isThrownBy(this::requests).withMessageContaining("drone");
	}

	private void requests() {
		for (int i = 0; i < REQUESTS; i++) {
			this.clients.get(i % this.clients.size()).request(this.release);
		}
	}

	/**
	 * A service without a database, which can be made to go wrong.
	 */
	private final class MemoryRelease implements Release {

		private final Map<Long, Seen> byId = new TreeMap<>();

		private final Map<String, Long> byHandle = new TreeMap<>();

		private UnaryOperator<Seen> written = (seen) -> seen;

		private UnaryOperator<Seen> signedIn = (seen) -> seen;

		private final MemoryOrders orders = new MemoryOrders();

		private boolean findsByHandle = true;

		private long lastId = ClientTests.this.seed.rows();

		private MemoryRelease() {
			for (long id = 1; id <= this.lastId; id++) {
				put(new Seen(id, ClientTests.this.seed.handle(id), ClientTests.this.seed.email(id), 0));
			}
		}

		@Override
		public Seen create(String handle, String email) {
			this.lastId++;
			return put(new Seen(this.lastId, handle, email, 0));
		}

		@Override
		public List<Seen> createAll(List<String> handles) {
			return handles.stream().map((handle) -> create(handle, Release.emailOf(handle))).toList();
		}

		@Override
		public Seen signIn(String handle, String email) {
			Long id = this.byHandle.get(handle);
			Seen seen = (id != null) ? this.byId.get(id) : create(handle, email);
			return put(this.signedIn.apply(new Seen(seen.id(), handle, seen.email(), seen.visits() + 1)));
		}

		@Override
		public Optional<Seen> findById(long id) {
			return Optional.ofNullable(this.byId.get(id));
		}

		@Override
		public Optional<Seen> findByHandle(String handle) {
			return this.findsByHandle ? Optional.ofNullable(this.byHandle.get(handle)).map(this.byId::get)
					: Optional.empty();
		}

		@Override
		public List<Seen> page(String after, int size) {
			List<Seen> page = new ArrayList<>();
			((TreeMap<String, Long>) this.byHandle).tailMap(after, false)
				.values()
				.stream()
				.limit(size)
				.forEach((id) -> page.add(this.byId.get(id)));
			return page;
		}

		@Override
		public boolean replace(long id, String handle, String email) {
			return updateHandle(id, handle) && updateEmail(id, email);
		}

		@Override
		public boolean updateHandle(long id, String handle) {
			Seen seen = this.byId.get(id);
			return seen != null && put(this.written.apply(new Seen(id, handle, seen.email(), seen.visits()))) != null;
		}

		@Override
		public boolean updateEmail(long id, String email) {
			Seen seen = this.byId.get(id);
			return seen != null && put(this.written.apply(new Seen(id, seen.handle(), email, seen.visits()))) != null;
		}

		@Override
		public boolean delete(long id) {
			Seen seen = this.byId.remove(id);
			return seen != null && this.byHandle.remove(seen.handle()) != null;
		}

		@Override
		public OrderRelease orders() {
			return this.orders;
		}

		private Seen put(Seen seen) {
			Seen former = this.byId.put(seen.id(), seen);
			if (former != null) {
				this.byHandle.remove(former.handle());
			}
			this.byHandle.put(seen.handle(), seen.id());
			return seen;
		}

	}

	/**
	 * The same for orders.
	 */
	private final class MemoryOrders implements OrderRelease {

		private final Map<Long, SeenOrder> byId = new TreeMap<>();

		private UnaryOperator<SeenOrder> priced = (seen) -> seen;

		private UnaryOperator<SeenOrder> created = (seen) -> seen;

		private MemoryOrders() {
			for (long id = 1; id <= ClientTests.this.seed.orders(); id++) {
				this.byId.put(id, ClientTests.this.seed.order(id));
			}
		}

		@Override
		public String shippingMethod(int quantity) {
			return Seed.shippingMethod(quantity);
		}

		@Override
		public SeenOrder create(String customer, int cents, int quantity) {
			long id = this.byId.size() + 1L;
			SeenOrder order = this.created
				.apply(new SeenOrder(id, customer, cents, quantity, Seed.shippingMethod(quantity)));
			this.byId.put(id, order);
			return order;
		}

		@Override
		public Optional<SeenOrder> findById(long id) {
			return Optional.ofNullable(this.byId.get(id));
		}

		@Override
		public List<SeenOrder> page(long after, int size) {
			return ((TreeMap<Long, SeenOrder>) this.byId).tailMap(after, false).values().stream().limit(size).toList();
		}

		@Override
		public boolean setPrice(long id, int cents) {
			return this.byId.computeIfPresent(id, (key, seen) -> this.priced
				.apply(new SeenOrder(key, seen.customer(), cents, seen.quantity(), seen.shippingMethod()))) != null;
		}

	}

}
