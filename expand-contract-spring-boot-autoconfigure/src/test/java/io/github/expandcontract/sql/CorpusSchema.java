package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.TableName;

/**
 * The changes that the corpus is about. Its statements know only the final columns, so
 * they serve for any change that leads to them.
 */
enum CorpusSchema {

	/**
	 * The columns had other names before.
	 */
	RENAMED {

		@Override
		ColumnChange change(String id, TableName table, String oldColumn, String newColumn) {
			return new RenameColumn(id, table, oldColumn, newColumn, id);
		}

		@Override
		String stored(String value) {
			return value;
		}

	},

	/**
	 * The columns had other names before, and held each text backwards.
	 */
	CONVERTED {

		@Override
		ColumnChange change(String id, TableName table, String oldColumn, String newColumn) {
			return ChangeDeclaration
				.changeType(table.quoted(), oldColumn, newColumn, "text", stored(Identifiers.quote(oldColumn)),
						stored(Identifiers.quote(newColumn)))
				.withoutLoss()
				.withId(id)
				.on(table);
		}

		@Override
		String stored(String value) {
			return "reverse(" + value + ")";
		}

	};

	private static final TableName USERS = new TableName("public", "users");

	private static final TableName PRODUCTS = new TableName("public", "products");

	private static final TableName PERSON = new TableName("public", "Person");

	private static final TableName ITEMS = new TableName("public", "items");

	private static final String STATE = """
			SELECT (id, %s, email, age, tags, version)::text FROM users
			UNION ALL SELECT (id, %s, %s, products.price)::text FROM products
			UNION ALL SELECT ("Id", %s, "Note")::text FROM "Person"
			UNION ALL SELECT (id, %s, %s, name)::text FROM items
			UNION ALL SELECT (a.*)::text FROM accounts a
			UNION ALL SELECT (o.*)::text FROM orders o
			UNION ALL SELECT (i.*)::text FROM imports i
			UNION ALL SELECT (u.*)::text FROM other.users u ORDER BY 1""";

	/**
	 * A change that is made in this way.
	 */
	abstract ColumnChange change(String id, TableName table, String oldColumn, String newColumn);

	/**
	 * What an old column of text holds.
	 * @param value an expression for the final value
	 */
	abstract String stored(String value);

	/**
	 * The changes. That of {@code millis} loses what is below a second on its way through
	 * the old column.
	 */
	List<ColumnChange> changes() {
		return List.of(change("users-handle", USERS, "username", "handle"),
				change("products-sku", PRODUCTS, "code", "sku"), change("products-label", PRODUCTS, "title", "label"),
				change("person", PERSON, "User Name", "Group"),
				ChangeDeclaration
					.changeType("items", "cents", "price", "numeric(10,2)", "cents / 100.0", "round(price * 100)::int")
					.withoutLoss()
					.on(ITEMS),
				ChangeDeclaration
					.changeType("items", "seconds", "millis", "bigint", "seconds * 1000::bigint",
							"floor(millis / 1000.0)::int")
					.on(ITEMS));
	}

	/**
	 * The rewriter in a phase.
	 */
	StatementRewriter rewriter(SchemaView view, Phase phase, SyncMode sync) {
		return new StatementRewriter(view,
				changes().stream().flatMap((change) -> ColumnRule.of(change, phase, sync).stream()).toList());
	}

	/**
	 * A query on all tables as they are in the end.
	 */
	String finalState() {
		return state(changes().stream().map((change) -> Identifiers.quote(change.newColumn())).toList());
	}

	/**
	 * A query on all tables that gives the same before, by what the old columns hold.
	 */
	String formerState() {
		return state(changes().stream()
			.map((change) -> change.lossless() ? up(change)
					: "COALESCE(" + Identifiers.quote(change.newColumn()) + ", " + up(change) + ")")
			.toList());
	}

	private static String state(List<String> columns) {
		return STATE.formatted(columns.toArray());
	}

	/**
	 * A query that finds rows whose columns do not agree.
	 * @param unfilled whether a new column that is empty is in order
	 */
	String disagreeing(boolean unfilled) {
		return changes().stream().map((change) -> {
			String newColumn = Identifiers.quote(change.newColumn());
			String differs = change.lossless() ? newColumn + " IS DISTINCT FROM " + up(change)
					: Identifiers.quote(change.oldColumn()) + " IS DISTINCT FROM " + change.down(newColumn);
			return "SELECT '" + change.id() + "' FROM " + change.table().quoted() + " WHERE " + differs
					+ (unfilled ? " AND " + newColumn + " IS NOT NULL" : "");
		}).collect(Collectors.joining(" UNION ALL "));
	}

	static String up(ColumnChange change) {
		return change.up(Identifiers.quote(change.oldColumn()));
	}

	/**
	 * Takes the tables from the final values in the old columns to what these columns
	 * held.
	 */
	List<String> store() {
		List<String> statements = new ArrayList<>();
		if (this != RENAMED) {
			statements.add("DROP INDEX users_partial");
			statements.add("UPDATE users SET username = " + stored("username"));
			statements.add("UPDATE products SET code = " + stored("code") + ", title = " + stored("title"));
			statements.add("UPDATE \"Person\" SET \"User Name\" = " + stored("\"User Name\""));
			statements.add("ALTER TABLE products ALTER code SET DEFAULT " + stored("'none'")
					+ ", ALTER title SET DEFAULT " + stored("'untitled'"));
			statements.add("CREATE UNIQUE INDEX users_partial ON users (username) WHERE username <> "
					+ stored("'nobody'") + " AND age > 0");
		}
		return statements;
	}

}
