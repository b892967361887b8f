package io.github.expandcontract.lifecycle;

import java.util.List;
import java.util.Map;

import io.github.expandcontract.ExpandContractRepository;
import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.GeneratedKeyHolder;

@ExpandContractRepository
class UserQueries {

	private final JdbcClient client;

	private final JdbcTemplate template;

	UserQueries(JdbcClient client, JdbcTemplate template) {
		this.client = client;
		this.template = template;
	}

	Map<String, Object> insertAndReturnRow(String handle) {
		GeneratedKeyHolder keys = new GeneratedKeyHolder();
		this.client.sql("INSERT INTO users (handle, email) VALUES (?, ?)")
			.params(handle, handle + "@example.org")
			.update(keys);
		return keys.getKeys();
	}

	long upsert(String handle, String email) {
		return this.client.sql("""
				INSERT INTO users (handle, email) VALUES (:handle, :email)
				ON CONFLICT (handle) DO UPDATE SET email = EXCLUDED.email RETURNING id""")
			.param("handle", handle)
			.param("email", email)
			.query(Long.class)
			.single();
	}

	int[] insertBatch(List<String> handles) {
		return this.template.batchUpdate("INSERT INTO users (handle) VALUES (?)",
				handles.stream().map((handle) -> new Object[] { handle }).toList());
	}

	int rename(String from, String to) {
		return this.client.sql("UPDATE users SET handle = ? WHERE handle = ?").params(to, from).update();
	}

	int delete(String handle) {
		return this.client.sql("DELETE FROM users WHERE handle = ?").param(handle).update();
	}

	List<Map<String, Object>> all() {
		return this.client.sql("SELECT * FROM users ORDER BY id").query().listOfRows();
	}

	@Nullable String insertExplicitly(@Nullable String handle) {
		return this.client.sql("INSERT INTO users (handle, email) VALUES (?, 'e') RETURNING handle")
			.param(handle)
			.query(String.class)
			.optional()
			.orElse(null);
	}

	String insertWithDefault() {
		return this.client.sql("INSERT INTO users (handle) VALUES (DEFAULT) RETURNING handle")
			.query(String.class)
			.single();
	}

	String insertWithoutHandle() {
		return this.client.sql("INSERT INTO users (email) VALUES ('e') RETURNING handle").query(String.class).single();
	}

	String nonsense() {
		return this.client.sql("SELECT username FROM users LIMIT 1").query(String.class).single();
	}

}
