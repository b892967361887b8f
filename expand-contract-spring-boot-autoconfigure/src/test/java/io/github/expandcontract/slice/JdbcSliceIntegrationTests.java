package io.github.expandcontract.slice;

import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.jdbc.test.autoconfigure.JdbcTest;
import org.springframework.boot.jdbc.test.autoconfigure.AutoConfigureTestDatabase;
import org.springframework.context.annotation.Import;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

import static org.assertj.core.api.Assertions.assertThat;

@JdbcTest
@AutoConfigureTestDatabase(replace = AutoConfigureTestDatabase.Replace.NONE)
@Import(AccountQueries.class)
class JdbcSliceIntegrationTests {

	@DynamicPropertySource
	static void database(DynamicPropertyRegistry registry) {
		TestDatabase database = TestDatabase.create();
		registry.add("spring.datasource.url", database::url);
		registry.add("spring.flyway.locations", () -> "classpath:lifecycle/migration");
	}

	@Test
	void queriesAreRewritten(@Autowired AccountQueries queries, @Autowired JdbcTemplate plain) {
		assertThat(queries.insert("grace")).isOne();
		assertThat(plain.queryForList("SELECT username FROM users", String.class)).containsExactly("grace");
	}

}
