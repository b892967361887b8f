package io.github.expandcontract.libraries.jdbctemplate;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import javax.sql.DataSource;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.jdbc.core.BatchPreparedStatementSetter;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.PreparedStatementCreatorFactory;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.rowset.SqlRowSet;

/**
 * What only {@link JdbcTemplate} does.
 */
@ExpandContractRepository
class JdbcTemplateExtras {

	private final JdbcTemplate template;

	JdbcTemplateExtras(DataSource dataSource) {
		this.template = new JdbcTemplate(dataSource);
		this.template.setFetchSize(2);
	}

	int[] insertLiterals(String... handles) {
		return this.template.batchUpdate(Stream.of(handles)
			.map((handle) -> "INSERT INTO account (handle) VALUES ('" + handle + "')")
			.toArray(String[]::new));
	}

	int[] renameAll(List<String> from, String suffix) {
		return this.template.batchUpdate("UPDATE account SET handle = ? WHERE handle = ?",
				new BatchPreparedStatementSetter() {

					@Override
					public void setValues(PreparedStatement statement, int i) throws SQLException {
						statement.setObject(1, from.get(i) + suffix, Types.VARCHAR);
						statement.setObject(2, from.get(i), Types.VARCHAR);
					}

					@Override
					public int getBatchSize() {
						return from.size();
					}

				});
	}

	Map<String, Object> insertAndReturnAll(String handle) {
		PreparedStatementCreatorFactory factory = new PreparedStatementCreatorFactory(
				"INSERT INTO account (handle, email) VALUES (?, ?)", Types.VARCHAR, Types.VARCHAR);
		factory.setReturnGeneratedKeys(true);
		GeneratedKeyHolder keys = new GeneratedKeyHolder();
		this.template.update(factory.newPreparedStatementCreator(List.of(handle, "e@x")), keys);
		return keys.getKeys();
	}

	List<Map<String, Object>> insertManyAndReturnAll(List<String> handles) {
		GeneratedKeyHolder keys = new GeneratedKeyHolder();
		this.template.batchUpdate((connection) -> connection.prepareStatement("INSERT INTO account (handle) VALUES (?)",
				new String[] { "id", "handle" }), new BatchPreparedStatementSetter() {

					@Override
					public void setValues(PreparedStatement statement, int i) throws SQLException {
						statement.setString(1, handles.get(i));
					}

					@Override
					public int getBatchSize() {
						return handles.size();
					}

				}, keys);
		return keys.getKeyList();
	}

	SqlRowSet rowSet(String prefix) {
		return this.template.queryForRowSet("SELECT * FROM account WHERE handle LIKE ? ORDER BY handle", prefix + "%");
	}

	List<String> stream(String prefix) {
		try (Stream<String> handles = this.template.queryForStream(
				"SELECT a.handle AS name FROM account a WHERE a.handle ~ ? ORDER BY name",
				(row, number) -> row.getString("name"), "^" + prefix)) {
			return handles.toList();
		}
	}

}
