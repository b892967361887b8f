package io.github.expandcontract.benchmark;

import java.util.List;

import org.springframework.jdbc.core.RowMapper;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.annotation.Transactional;

/**
 * A repository, with transactions as Spring Data has them.
 */
abstract class Users {

	private static final RowMapper<User> ROW = (row, number) -> new User(row.getLong("id"), row.getString("handle"),
			row.getString("email"));

	private final JdbcClient client;

	private final UserTexts texts;

	Users(JdbcClient client, UserTexts texts) {
		this.client = client;
		this.texts = texts;
	}

	@Transactional
	int insert(String handle, String email) {
		List<Object> parameters = this.texts.both() ? List.of(handle, handle, email) : List.of(handle, email);
		return this.client.sql(this.texts.insert()).params(parameters).update();
	}

	@Transactional
	int update(long id, String handle, String email) {
		List<Object> parameters = this.texts.both() ? List.of(handle, handle, email, id) : List.of(handle, email, id);
		return this.client.sql(this.texts.update()).params(parameters).update();
	}

	@Transactional(readOnly = true)
	User find(long id) {
		return select(id);
	}

	/**
	 * As short as a call can be: one round trip and nothing around it.
	 */
	User findWithoutTransaction(long id) {
		return select(id);
	}

	private User select(long id) {
		return this.client.sql(this.texts.select()).params(List.of(id)).query(ROW).single();
	}

	/**
	 * A row.
	 *
	 * @param id the key
	 * @param handle the column that changes its name
	 * @param email another column
	 */
	record User(long id, String handle, String email) {
	}

}
