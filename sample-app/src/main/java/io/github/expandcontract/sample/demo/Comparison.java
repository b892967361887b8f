package io.github.expandcontract.sample.demo;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

/**
 * Compares every user of the database with what the traffic wrote, or with its seed where
 * the traffic never came.
 */
final class Comparison {

	/** How many rows that differ are shown. */
	static final int SHOWN = 10;

	private final Ledger ledger;

	private final List<String> differences = new ArrayList<>();

	private final BitSet seeded = new BitSet();

	private final Set<Long> others = new HashSet<>();

	private Set<String> columns = Set.of();

	private long rows;

	private long mismatches;

	/**
	 * Creates a comparison.
	 * @param ledger what must be there, no longer written to
	 */
	Comparison(Ledger ledger) {
		this.ledger = ledger;
	}

	/**
	 * Reads the whole table.
	 * @param connection where to read, its auto-commit mode is turned off
	 * @return what was found
	 * @throws SQLException if the table cannot be read
	 */
	Compared run(Connection connection) throws SQLException {
		this.columns = DemoDatabase.columns(connection, "users", DemoDatabase.HANDLE_COLUMNS);
		connection.setAutoCommit(false);
		try (Statement statement = connection.createStatement()) {
			statement.setFetchSize(5_000);
			try (ResultSet row = statement
				.executeQuery("SELECT id, email, visits, " + String.join(", ", this.columns) + " FROM users")) {
				while (row.next()) {
					compare(row);
				}
			}
		}
		connection.commit();
		findMissing();
		return new Compared("users", this.columns, this.rows, this.mismatches, this.differences);
	}

	private void compare(ResultSet row) throws SQLException {
		this.rows++;
		long id = row.getLong("id");
		boolean isSeeded = this.ledger.seed().contains(id);
		boolean isNew = isSeeded ? !this.seeded.get((int) id) : !this.others.contains(id);
		if (isSeeded) {
			this.seeded.set((int) id);
		}
		else {
			this.others.add(id);
		}
		Set<@Nullable String> handles = new HashSet<>();
		for (String column : this.columns) {
			String handle = row.getString(column);
			handles.add(handle);
			String difference = (handle != null)
					? difference(new Seen(id, handle, row.getString("email"), row.getInt("visits")))
					: "its handle is null";
			if (difference != null || !isNew) {
				differs("Row " + id + ", column " + column + ": "
						+ ((difference != null) ? difference : "the id is there twice"));
				return;
			}
		}
		if (handles.size() > 1) {
			differs("Row " + id + " holds two handles: " + handles);
		}
	}

	private @Nullable String difference(Seen seen) {
		LedgerRow row = this.ledger.find(seen.id());
		if (row == null && this.ledger.seed().contains(seen.id())) {
			Seen expected = new Seen(seen.id(), this.ledger.seed().handle(seen.id()),
					this.ledger.seed().email(seen.id()), 0);
			return seen.equals(expected) ? null : "it holds " + seen + " and was seeded as " + expected;
		}
		if (row == null) {
			return "it holds " + seen + ", which nobody wrote";
		}
		try {
			row.check(seen, System.nanoTime(), row.visits());
			return null;
		}
		catch (WrongValueException ex) {
			return ex.getMessage();
		}
	}

	private void findMissing() {
		Set<Long> deleted = new HashSet<>();
		for (LedgerRow row : this.ledger.rows()) {
			boolean found = this.ledger.seed().contains(row.id()) ? this.seeded.get((int) row.id())
					: this.others.contains(row.id());
			if (row.isDeleting()) {
				deleted.add(row.id());
			}
			else if (!found && !this.ledger.seed().contains(row.id())) {
				differs("Row " + row.id() + " is missing; its handle is " + row.handle());
			}
		}
		for (int id = this.seeded.nextClearBit(1); id <= this.ledger.seed().rows(); id = this.seeded
			.nextClearBit(id + 1)) {
			if (!deleted.contains((long) id)) {
				differs("Row " + id + " is missing; it was seeded");
			}
		}
	}

	private void differs(String difference) {
		this.mismatches++;
		if (this.differences.size() < SHOWN) {
			this.differences.add(difference);
		}
	}

}
