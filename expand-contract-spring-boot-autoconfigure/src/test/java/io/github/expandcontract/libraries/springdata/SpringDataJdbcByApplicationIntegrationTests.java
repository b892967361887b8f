package io.github.expandcontract.libraries.springdata;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.libraries.Library;

import org.springframework.boot.data.jdbc.autoconfigure.DataJdbcRepositoriesAutoConfiguration;

@Library(value = SpringDataApplication.class, sync = SyncMode.APPLICATION,
		autoConfigurations = DataJdbcRepositoriesAutoConfiguration.class)
class SpringDataJdbcByApplicationIntegrationTests extends SpringDataJdbcIntegrationTests {

}
