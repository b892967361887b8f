package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.RowChange;

/**
 * The rows of {@link java.sql.DatabaseMetaData#getColumns} without the columns that go
 * away, as far as they are read one after the other.
 */
final class RemainingColumns extends Delegation {

	private final ResultSet rows;

	private final List<Change> leaving;

	private RemainingColumns(ResultSet rows, List<Change> leaving) {
		super(rows);
		this.rows = rows;
		this.leaving = leaving;
	}

	static ResultSet of(ResultSet rows, List<Change> leaving) {
		return proxy(ResultSet.class, new RemainingColumns(rows, leaving));
	}

	@Override
	@Nullable Object call(Object proxy, Method method, Object[] args) throws Throwable {
		return method.getName().equals("next") ? next() : delegate(method, args);
	}

	private boolean next() throws SQLException {
		while (this.rows.next()) {
			if (!leaves()) {
				return true;
			}
		}
		return false;
	}

	private boolean leaves() throws SQLException {
		String schema = this.rows.getString("TABLE_SCHEM");
		String table = this.rows.getString("TABLE_NAME");
		String column = this.rows.getString("COLUMN_NAME");
		return this.leaving.stream()
			.anyMatch((change) -> change.table().schema().equals(schema) && change.table().name().equals(table)
					&& change instanceof RowChange row && row.oldColumns().contains(column));
	}

}
