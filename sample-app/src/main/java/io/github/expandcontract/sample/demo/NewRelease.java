package io.github.expandcontract.sample.demo;

import java.net.http.HttpClient;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.jspecify.annotations.Nullable;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/**
 * The sample application, over HTTP.
 */
final class NewRelease implements Release {

	private static final ParameterizedTypeReference<List<Seen>> LIST = new ParameterizedTypeReference<>() {
	};

	private final RestClient client;

	private final NewReleaseOrders orders;

	NewRelease(int port) {
		JdkClientHttpRequestFactory factory = new JdkClientHttpRequestFactory(HttpClient.newBuilder()
			.version(HttpClient.Version.HTTP_1_1)
			.connectTimeout(Duration.ofSeconds(10))
			.build());
		factory.setReadTimeout(Duration.ofSeconds(30));
		this.client = RestClient.builder().baseUrl("http://localhost:" + port).requestFactory(factory).build();
		this.orders = new NewReleaseOrders(this.client);
	}

	@Override
	public Seen create(String handle, String email) {
		return present(this.client.post()
			.uri("/users")
			.contentType(MediaType.APPLICATION_JSON)
			.body(user(handle, email))
			.retrieve()
			.body(Seen.class));
	}

	@Override
	public List<Seen> createAll(List<String> handles) {
		return present(this.client.post()
			.uri("/users/batch")
			.contentType(MediaType.APPLICATION_JSON)
			.body(handles.stream().map((handle) -> user(handle, Release.emailOf(handle))).toList())
			.retrieve()
			.body(LIST));
	}

	@Override
	public Seen signIn(String handle, String email) {
		return present(this.client.post()
			.uri("/users/sign-in")
			.contentType(MediaType.APPLICATION_JSON)
			.body(user(handle, email))
			.retrieve()
			.body(Seen.class));
	}

	@Override
	public Optional<Seen> findById(long id) {
		return find("/users/{id}", id);
	}

	@Override
	public Optional<Seen> findByHandle(String handle) {
		return find("/users/by-handle/{handle}", handle);
	}

	@Override
	public List<Seen> page(String after, int size) {
		return present(this.client.get().uri("/users?after={after}&size={size}", after, size).retrieve().body(LIST));
	}

	@Override
	public boolean replace(long id, String handle, String email) {
		return put("/users/{id}", id, MediaType.APPLICATION_JSON, user(handle, email));
	}

	@Override
	public boolean updateHandle(long id, String handle) {
		return put("/users/{id}/handle", id, MediaType.TEXT_PLAIN, handle);
	}

	@Override
	public boolean updateEmail(long id, String email) {
		return put("/users/{id}/email", id, MediaType.TEXT_PLAIN, email);
	}

	@Override
	public boolean delete(long id) {
		try {
			this.client.delete().uri("/users/{id}", id).retrieve().toBodilessEntity();
			return true;
		}
		catch (HttpClientErrorException.NotFound ex) {
			return false;
		}
	}

	@Override
	public OrderRelease orders() {
		return this.orders;
	}

	private boolean put(String uri, long id, MediaType type, Object body) {
		try {
			this.client.put().uri(uri, id).contentType(type).body(body).retrieve().toBodilessEntity();
			return true;
		}
		catch (HttpClientErrorException.NotFound ex) {
			return false;
		}
	}

	private Optional<Seen> find(String uri, Object key) {
		try {
			return Optional.of(present(this.client.get().uri(uri, key).retrieve().body(Seen.class)));
		}
		catch (HttpClientErrorException.NotFound ex) {
			return Optional.empty();
		}
	}

	private static Map<String, String> user(String handle, String email) {
		return Map.of("handle", handle, "email", email);
	}

	static <T> T present(@Nullable T body) {
		if (body == null) {
			throw new WrongValueException("The answer " + HttpStatus.OK + " has no body");
		}
		return body;
	}

	@Override
	public String toString() {
		return "new release";
	}

}
