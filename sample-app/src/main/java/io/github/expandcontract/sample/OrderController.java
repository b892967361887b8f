package io.github.expandcontract.sample;

import java.math.BigDecimal;
import java.util.List;

import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
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
 * Orders over HTTP.
 */
@RestController
@RequestMapping("/orders")
class OrderController {

	private final OrderRepository repository;

	OrderController(OrderRepository repository) {
		this.repository = repository;
	}

	@PostMapping
	@ResponseStatus(HttpStatus.CREATED)
	Order create(@RequestBody NewOrder order) {
		return this.repository
			.save(new Order(null, order.customer(), order.price(), order.quantity(), order.shippingMethod()));
	}

	@GetMapping
	List<Order> page(@RequestParam(defaultValue = "0") long after, @RequestParam(defaultValue = "20") int size) {
		return this.repository.page(after, Math.min(size, 100));
	}

	@GetMapping("/{id}")
	ResponseEntity<Order> findById(@PathVariable long id) {
		return ResponseEntity.of(this.repository.findById(id));
	}

	@PutMapping("/{id}/price")
	ResponseEntity<Void> setPrice(@PathVariable long id, @RequestBody BigDecimal price) {
		return (this.repository.setPrice(id, price) ? ResponseEntity.noContent() : ResponseEntity.notFound()).build();
	}

}
