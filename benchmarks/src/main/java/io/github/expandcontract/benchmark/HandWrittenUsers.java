package io.github.expandcontract.benchmark;

import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * The same repository with the statements of one phase written by hand.
 */
class HandWrittenUsers extends Users {

	HandWrittenUsers(JdbcClient client, UserTexts texts) {
		super(client, texts);
	}

}
