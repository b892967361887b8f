package io.github.expandcontract.slice;

import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.data.jdbc.test.autoconfigure.DataJdbcTest;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@DataJdbcTest
@AutoConfigureTestDatabase(replace = AutoConfigureTestDatabase.Replace.NONE)
@Import(AccountQueries.class)
class DataJdbcSliceIntegrationTests {

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		TestDatabase database = TestDatabase.create();
		registry.add("spring.datasource.url", database::url);
		registry.add("spring.flyway.locations", () -> "classpath:lifecycle/migration");
	}

	@Test
	void repositoriesAreRewritten(@Autowired AccountRepository accounts, @Autowired AccountQueries queries,
			@Autowired JdbcTemplate plain) {
		Account saved = accounts.save(new Account(null, "ada", null));
		queries.insert("grace");
		assertThat(accounts.findByHandle("ada")).contains(saved);
		assertThat(accounts.findByHandle("grace")).isPresent();
		assertThat(plain.queryForList("SELECT username FROM users ORDER BY id", String.class)).containsExactly("ada",
				"grace");
	}

}
