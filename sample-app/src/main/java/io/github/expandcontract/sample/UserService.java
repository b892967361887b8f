package io.github.expandcontract.sample;

import java.util.List;
import java.util.Optional;

import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Transactional;

/**
 * What takes more than one statement, each in a transaction.
 */
@Service
class UserService {

	private final UserRepository repository;

	private final UserQueries queries;

	UserService(UserRepository repository, UserQueries queries) {
		this.repository = repository;
		this.queries = queries;
	}

	@Transactional
	Optional<User> replace(long id, NewUser user) {
		return this.repository.findById(id)
			.map((found) -> this.repository.save(found.with(user.handle(), user.email())));
	}

	@Transactional
	List<User> createAll(List<NewUser> users) {
		this.queries.insertAll(users);
		return this.repository.findByHandleIn(users.stream().map(NewUser::handle).toList());
	}

}
