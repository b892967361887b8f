package io.github.expandcontract.sample;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Repository;

/**
 * Users by SQL written by hand, on the same table as {@link UserRepository}.
 */
@Repository
@ExpandContractRepository
class UserQueries {

	private final JdbcClient jdbcClient;

	private final JdbcTemplate jdbcTemplate;

	UserQueries(JdbcClient jdbcClient, JdbcTemplate jdbcTemplate) {
		this.jdbcClient = jdbcClient;
		this.jdbcTemplate = jdbcTemplate;
	}

	/**
	 * Counts a visit of the user with a handle, who is made at the first one.
	 * @param user the handle and the address to use for a new user
	 * @return the user after the visit
	 */
	User signIn(NewUser user) {
		return this.jdbcClient.sql("""
				INSERT INTO users (handle, email, visits) VALUES (:handle, :email, 1)
				ON CONFLICT (handle) DO UPDATE SET visits = users.visits + 1
				RETURNING id, handle, email, visits, created_at
				""").param("handle", user.handle()).param("email", user.email()).query(UserQueries::map).single();
	}

	/**
	 * Inserts users in one JDBC batch.
	 * @param users the users to insert
	 */
	void insertAll(List<NewUser> users) {
		this.jdbcTemplate.batchUpdate("INSERT INTO users (handle, email) VALUES (?, ?)", users, 100,
				(statement, user) -> {
					statement.setString(1, user.handle());
					statement.setString(2, user.email());
				});
	}

	/**
	 * Gives a user another address and leaves the rest of the row alone.
	 * @param id the user's key
	 * @param email the new address
	 * @return whether there is such a user
	 */
	boolean updateEmail(long id, String email) {
		return this.jdbcClient.sql("UPDATE users SET email = :email WHERE id = :id")
			.param("email", email)
			.param("id", id)
			.update() > 0;
	}

	/**
	 * One page of users in the order of their handles.
	 * @param after the handle to begin after
	 * @param size the greatest number of users
	 * @return the users
	 */
	List<User> page(String after, int size) {
		return this.jdbcClient.sql("SELECT * FROM users WHERE handle > :after ORDER BY handle LIMIT :size")
			.param("after", after)
			.param("size", size)
			.query(UserQueries::map)
			.list();
	}

	private static User map(ResultSet row, int number) throws SQLException {
		return new User(row.getLong("id"), row.getString("handle"), row.getString("email"), row.getInt("visits"),
				row.getTimestamp("created_at").toInstant());
	}

}
