package io.github.expandcontract.jdbc;

import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.sql.ColumnRule;

/**
 * Metadata that leads back to our connection, and tells a call of an annotated repository
 * of the columns as they will be, and nothing of those that go away: a library that
 * writes all the columns it is told of would write them.
 */
abstract class FinalMetaData extends Delegating<DatabaseMetaData> implements DatabaseMetaData {

	private static final Completion<FinalMetaData> COMPLETION = Completion.of(FinalMetaData.class);

	private final RewritingConnection connection;

	FinalMetaData(DatabaseMetaData target, RewritingConnection connection) {
		super(target);
		this.connection = connection;
	}

	static DatabaseMetaData of(DatabaseMetaData target, RewritingConnection connection) {
		return COMPLETION.create(target, connection);
	}

	@Override
	public Connection getConnection() {
		return this.connection;
	}

	/**
	 * All columns are asked for, because the one that is meant may have another name now.
	 */
	@Override
	public ResultSet getColumns(@Nullable String catalog, @Nullable String schemaPattern,
			@Nullable String tableNamePattern, @Nullable String columnNamePattern) throws SQLException {
		List<ColumnRule> rules = this.connection.columnRules();
		if (rules.isEmpty()) {
			return target().getColumns(catalog, schemaPattern, tableNamePattern, columnNamePattern);
		}
		ResultSet rows = target().getColumns(catalog, schemaPattern, tableNamePattern, null);
		return RemainingColumns.of(rows, rules, "".equals(columnNamePattern) ? null : columnNamePattern);
	}

}
