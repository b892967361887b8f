package io.github.expandcontract.sample;

import java.util.List;
import java.util.Optional;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.PutMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/**
 * Users over HTTP.
 */
@RestController
@RequestMapping("/users")
class UserController {

	private final UserRepository repository;

	private final UserQueries queries;

	private final UserService service;

	UserController(UserRepository repository, UserQueries queries, UserService service) {
		this.repository = repository;
		this.queries = queries;
		this.service = service;
	}

	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	User create(@RequestBody NewUser user) {
		return this.repository.save(User.create(user.handle(), user.email()));
	}

	@PostMapping("/batch")
	@ResponseStatus(HttpStatus.CREATED)
	List<User> createAll(@RequestBody List<NewUser> users) {
		return this.service.createAll(users);
	}

	@PostMapping("/sign-in")
	User signIn(@RequestBody NewUser user) {
		return this.queries.signIn(user);
	}

	@GetMapping
	List<User> page(@RequestParam(defaultValue = "") String after, @RequestParam(defaultValue = "20") int size) {
		return this.queries.page(after, Math.min(size, 100));
	}

	@GetMapping("/{id}")
	ResponseEntity<User> findById(@PathVariable long id) {
		return ResponseEntity.of(this.repository.findById(id));
	}

	@GetMapping("/by-handle/{handle}")
	ResponseEntity<User> findByHandle(@PathVariable String handle) {
		return ResponseEntity.of(this.repository.findByHandle(handle));
	}

	@PutMapping("/{id}")
	ResponseEntity<User> replace(@PathVariable long id, @RequestBody NewUser user) {
		return ResponseEntity.of(this.service.replace(id, user));
	}

	@PutMapping("/{id}/handle")
	ResponseEntity<Void> updateHandle(@PathVariable long id, @RequestBody String handle) {
		return foundIf(this.repository.updateHandle(id, handle));
	}

	@PutMapping("/{id}/email")
	ResponseEntity<Void> updateEmail(@PathVariable long id, @RequestBody String email) {
		return foundIf(this.queries.updateEmail(id, email));
	}

	@DeleteMapping("/{id}")
	ResponseEntity<Void> delete(@PathVariable long id) {
		Optional<User> user = this.repository.findById(id);
		user.ifPresent(this.repository::delete);
		return foundIf(user.isPresent());
	}

	private static ResponseEntity<Void> foundIf(boolean found) {
		return (found ? ResponseEntity.noContent() : ResponseEntity.notFound()).build();
	}

}
