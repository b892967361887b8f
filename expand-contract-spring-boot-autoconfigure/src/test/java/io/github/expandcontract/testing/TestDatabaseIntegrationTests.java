package io.github.expandcontract.testing;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class TestDatabaseIntegrationTests {

	@Test
	void runsTheServerVersionThatWasAskedFor() {
		String asked = System.getProperty("postgres.version", "18").replaceFirst("\\..*", "");
		String version = TestDatabase.create().jdbc().queryForObject("SHOW server_version", String.class);
		assertThat(version).startsWith(asked + ".");
	}

}
