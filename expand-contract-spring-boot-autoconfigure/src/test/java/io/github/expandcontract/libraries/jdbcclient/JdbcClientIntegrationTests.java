package io.github.expandcontract.libraries.jdbcclient;

import io.github.expandcontract.libraries.AbstractAccountsIntegrationTests;
import io.github.expandcontract.libraries.Library;

@Library(JdbcClientApplication.class)
class JdbcClientIntegrationTests extends AbstractAccountsIntegrationTests {

}
