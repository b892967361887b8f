package io.github.expandcontract.jdbc;

import java.lang.reflect.Method;
import java.sql.PreparedStatement;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.phase.Ticket;

/**
 * A prepared statement that runs with another text. Its caller goes on counting the
 * parameters of the text that it wrote.
 */
final class PreparedStatementHandler extends StatementHandler {

	private final PreparedStatement target;

	private final String text;

	private final ParameterBinder parameters;

	PreparedStatementHandler(Object connection, ConnectionHandler handler, PreparedStatement target, Ticket ticket,
			String text, ParameterBinder parameters) {
		super(connection, handler, target, ticket);
		this.text = text;
		this.target = target;
		this.parameters = parameters;
	}

	@Override
	@Nullable Object call(Object proxy, Method method, Object[] args) throws Throwable {
		if (ParameterBinder.isSetter(method, args)) {
			return this.parameters.bind(this.target, method, args);
		}
		switch (method.getName()) {
			case "execute", "executeQuery", "executeUpdate", "executeLargeUpdate", "addBatch" -> {
				if (args.length == 0) {
					this.parameters.requireComplete();
				}
				// With a text the driver refuses it.
				return explained(this.text, () -> run(proxy, method, args));
			}
			case "clearParameters" -> {
				this.parameters.clear();
				return delegate(method, args);
			}
			case "getParameterMetaData" -> {
				return ParameterMetaDataHandler.of(this.target.getParameterMetaData(), this.parameters.map());
			}
			default -> {
				return super.call(proxy, method, args);
			}
		}
	}

}
