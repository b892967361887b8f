package io.github.expandcontract.slice;

import io.github.expandcontract.ExpandContractRepository;

import org.springframework.jdbc.core.simple.JdbcClient;

@ExpandContractRepository
class AccountQueries {

	private final JdbcClient client;

	AccountQueries(JdbcClient client) {
		this.client = client;
	}

	int insert(String handle) {
		return this.client.sql("INSERT INTO users (handle) VALUES (?)").param(handle).update();
	}

}
