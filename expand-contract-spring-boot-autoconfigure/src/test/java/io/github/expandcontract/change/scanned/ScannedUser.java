package io.github.expandcontract.change.scanned;

import io.github.expandcontract.RenamedFrom;

public record ScannedUser(long id,
		@RenamedFrom(value = "username", table = "crm.users", column = "handle") String handle) {

	static final Object INITIALIZED = refuse();

	private static Object refuse() {
		throw new IllegalStateException("initialized");
	}

}
