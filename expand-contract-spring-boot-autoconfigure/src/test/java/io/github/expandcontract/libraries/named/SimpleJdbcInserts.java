package io.github.expandcontract.libraries.named;

import java.util.List;
import java.util.Map;

import javax.sql.DataSource;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.jdbc.core.namedparam.MapSqlParameterSource;
import org.springframework.jdbc.core.namedparam.SqlParameterSource;
import org.springframework.jdbc.core.simple.SimpleJdbcInsert;

/**
 * Inserts by the metadata of the table.
 */
@ExpandContractRepository
class SimpleJdbcInserts {

	private final DataSource dataSource;

	/**
	 * Asks for the table's columns once, in the phase in which it is used first.
	 */
	private final SimpleJdbcInsert allColumns;

	SimpleJdbcInserts(DataSource dataSource) {
		this.dataSource = dataSource;
		this.allColumns = insertOfAllColumns();
	}

	long insert(String handle) {
		return new SimpleJdbcInsert(this.dataSource).withTableName("account")
			.usingColumns("handle", "email")
			.usingGeneratedKeyColumns("id")
			.executeAndReturnKey(Map.of("handle", handle))
			.longValue();
	}

	long insertAllColumns(String handle) {
		return insertAllColumns(insertOfAllColumns(), handle);
	}

	long insertAllColumnsOfOnce(String handle) {
		return insertAllColumns(this.allColumns, handle);
	}

	private static long insertAllColumns(SimpleJdbcInsert insert, String handle) {
		return insert.executeAndReturnKey(Map.of("handle", handle, "version", 0)).longValue();
	}

	private SimpleJdbcInsert insertOfAllColumns() {
		return new SimpleJdbcInsert(this.dataSource).withTableName("account").usingGeneratedKeyColumns("id");
	}

	int[] insertBatch(List<String> handles) {
		return new SimpleJdbcInsert(this.dataSource).withTableName("account")
			.usingColumns("handle")
			.executeBatch(handles.stream()
				.map((handle) -> new MapSqlParameterSource("handle", handle))
				.toArray(SqlParameterSource[]::new));
	}

}
