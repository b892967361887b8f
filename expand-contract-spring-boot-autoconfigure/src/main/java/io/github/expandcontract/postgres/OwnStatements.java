package io.github.expandcontract.postgres;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Set;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * Marks every statement of ours by a comment at its end, so that who looks at the
 * statements of a server can tell them from those of others. At its end, because the
 * statistics of PostgreSQL 18 begin behind a comment that stands in front.
 */
public class OwnStatements extends DelegatingDataSource {

	/**
	 * The comment.
	 */
	public static final String MARK = "/* expand_contract */";

	private static final Set<String> TAKE_TEXT = Set.of("prepareStatement", "prepareCall", "execute", "executeQuery",
			"executeUpdate", "executeLargeUpdate", "addBatch");

	/**
	 * Creates a data source that gives nothing until it has a target.
	 */
	protected OwnStatements() {
	}

	/**
	 * Creates a data source.
	 * @param target where connections come from
	 */
	public OwnStatements(DataSource target) {
		super(target);
	}

	@Override
	public Connection getConnection() throws SQLException {
		return marking(Connection.class, super.getConnection());
	}

	private static <T> T marking(Class<T> type, Object target) {
		return type.cast(Proxy.newProxyInstance(OwnStatements.class.getClassLoader(), new Class<?>[] { type },
				(proxy, method, args) -> call(target, method, args)));
	}

	private static @Nullable Object call(Object target, Method method, Object @Nullable [] args) throws Throwable {
		boolean text = args != null && args.length > 0 && args[0] instanceof String
				&& TAKE_TEXT.contains(method.getName());
		try {
			Object result = method.invoke(target, text ? marked(args) : args);
			boolean plain = method.getName().equals("createStatement");
			return (plain && result != null) ? marking(Statement.class, result) : result;
		}
		catch (InvocationTargetException ex) {
			throw ex.getTargetException();
		}
	}

	private static Object[] marked(Object @Nullable [] args) {
		Object[] marked = (args != null) ? args.clone() : new Object[0];
		marked[0] = marked[0] + " " + MARK;
		return marked;
	}

}
