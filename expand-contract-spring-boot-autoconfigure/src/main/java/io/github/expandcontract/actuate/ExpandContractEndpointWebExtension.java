package io.github.expandcontract.actuate;

import io.github.expandcontract.Phase;
import org.jspecify.annotations.Nullable;

import org.springframework.boot.actuate.endpoint.annotation.Selector;
import org.springframework.boot.actuate.endpoint.annotation.WriteOperation;
import org.springframework.boot.actuate.endpoint.web.WebEndpointResponse;
import org.springframework.boot.actuate.endpoint.web.annotation.EndpointWebExtension;

/**
 * Answers a POST to a change that is not declared with 404; without it an empty answer
 * would say that all went well.
 */
@EndpointWebExtension(endpoint = ExpandContractEndpoint.class)
public class ExpandContractEndpointWebExtension {

	private final ExpandContractEndpoint endpoint;

	/**
	 * Creates the extension.
	 * @param endpoint the endpoint that does the work
	 */
	public ExpandContractEndpointWebExtension(ExpandContractEndpoint endpoint) {
		this.endpoint = endpoint;
	}

	/**
	 * Does something to a change, as the endpoint does.
	 * @param id its id
	 * @param action what to do
	 * @param phase the phase that a target asks for
	 * @param by who asks
	 * @param evidence what is accepted
	 * @return the change, or 404 if this application does not declare it
	 */
	@WriteOperation
	public WebEndpointResponse<@Nullable ChangeDescriptor> act(@Selector String id, String action,
			@Nullable Phase phase, @Nullable String by, @Nullable String evidence) {
		ChangeDescriptor change = this.endpoint.act(id, action, phase, by, evidence);
		return (change != null) ? new WebEndpointResponse<>(change)
				: new WebEndpointResponse<>(WebEndpointResponse.STATUS_NOT_FOUND);
	}

}
