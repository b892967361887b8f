package io.github.expandcontract.sample.demo;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import org.springframework.core.ParameterizedTypeReference;
import org.springframework.http.MediaType;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.RestClient;

/**
 * Orders in the sample application, over HTTP.
 */
final class NewReleaseOrders implements OrderRelease {

	private static final ParameterizedTypeReference<List<Answer>> LIST = new ParameterizedTypeReference<>() {
	};

	private final RestClient client;

	NewReleaseOrders(RestClient client) {
		this.client = client;
	}

	@Override
	public String shippingMethod(int quantity) {
		return "express";
	}

	@Override
	public SeenOrder create(String customer, int cents, int quantity) {
		return NewRelease
			.present(this.client.post()
				.uri("/orders")
				.contentType(MediaType.APPLICATION_JSON)
				.body(Map.of("customer", customer, "price", SeenOrder.price(cents), "quantity", quantity,
						"shippingMethod", shippingMethod(quantity)))
				.retrieve()
				.body(Answer.class))
			.seen();
	}

	@Override
	public Optional<SeenOrder> findById(long id) {
		try {
			return Optional
				.of(NewRelease.present(this.client.get().uri("/orders/{id}", id).retrieve().body(Answer.class)).seen());
		}
		catch (HttpClientErrorException.NotFound ex) {
			return Optional.empty();
		}
	}

	@Override
	public List<SeenOrder> page(long after, int size) {
		return NewRelease
			.present(this.client.get().uri("/orders?after={after}&size={size}", after, size).retrieve().body(LIST))
			.stream()
			.map(Answer::seen)
			.toList();
	}

	@Override
	public boolean setPrice(long id, int cents) {
		try {
			this.client.put()
				.uri("/orders/{id}/price", id)
				.contentType(MediaType.APPLICATION_JSON)
				.body(SeenOrder.price(cents))
				.retrieve()
				.toBodilessEntity();
			return true;
		}
		catch (HttpClientErrorException.NotFound ex) {
			return false;
		}
	}

	private record Answer(long id, String customer, BigDecimal priceDecimal, int quantity, String shippingMethod) {

		SeenOrder seen() {
			if (this.shippingMethod == null) {
				throw new WrongValueException("The shipping method of order " + this.id + " is null");
			}
			return new SeenOrder(this.id, this.customer, SeenOrder.cents(this.priceDecimal), this.quantity,
					this.shippingMethod);
		}

	}

}
