package io.github.expandcontract.libraries.jdbctemplate;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.libraries.AbstractAccountsIntegrationTests;
import io.github.expandcontract.libraries.Library;

@Library(value = JdbcTemplateApplication.class, sync = SyncMode.APPLICATION)
class JdbcTemplateByApplicationIntegrationTests extends AbstractAccountsIntegrationTests {

}
