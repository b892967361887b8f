package io.github.expandcontract.bare;

import java.io.File;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import io.github.expandcontract.testing.ChildJvm;
import io.github.expandcontract.testing.TestDatabase;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.jdbc.core.JdbcTemplate;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The libraries that are optional really are, in a JVM that does not have them.
 */
class MissingLibrariesIntegrationTests {

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate plain = this.database.jdbc();

	@ParameterizedTest
	@CsvSource(delimiter = ';', quoteCharacter = '"',
			textBlock = """
					Flyway; flyway
					Spring Data; spring-data|spring-boot-data
					Hibernate; hibernate|jakarta.persistence|spring-orm
					Actuator; actuator|spring-boot-health
					Micrometer; micrometer-core|micrometer-metrics
					all of them; flyway|spring-data|spring-boot-data|spring-boot-persistence|hibernate|jakarta.persistence|spring-orm|actuator|spring-boot-health|micrometer-core|micrometer-metrics
					""")
	void worksWithout(String library, String jars) throws Exception {
		this.plain.execute("CREATE TABLE users (id bigserial PRIMARY KEY, username text NOT NULL UNIQUE)");
		Pattern pattern = Pattern.compile(jars);
		List<String> all = List.of(System.getProperty("java.class.path").split(File.pathSeparator));
		List<String> left = all.stream().filter((entry) -> !pattern.matcher(new File(entry).getName()).find()).toList();
		assertThat(left).hasSizeLessThan(all.size());
		File log = new File("target/without-" + library.replace(' ', '-') + ".log");
		Process process = ChildJvm.start(left.stream().collect(Collectors.joining(File.pathSeparator)),
				BareApplication.class, log, this.database.url());
		try {
			assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
		}
		finally {
			process.destroyForcibly();
		}
		assertThat(process.exitValue()).as("exit code, see %s", log).isZero();
		assertThat(this.plain.queryForList("SELECT username FROM users", String.class)).containsExactly("ada");
	}

}
