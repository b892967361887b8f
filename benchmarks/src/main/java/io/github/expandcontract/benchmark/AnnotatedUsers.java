package io.github.expandcontract.benchmark;

import org.springframework.jdbc.core.simple.JdbcClient;

import io.github.expandcontract.ExpandContractRepository;

/**
 * The repository as a user of the starter writes it. Without the starter the annotation
 * means nothing.
 */
@ExpandContractRepository
class AnnotatedUsers extends Users {

	AnnotatedUsers(JdbcClient client) {
		super(client, UserTexts.FINAL);
	}

}
