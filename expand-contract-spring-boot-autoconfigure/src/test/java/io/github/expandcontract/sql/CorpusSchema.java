package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.ChangeType;
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
		Change change(Names names) {
			return rename(names);
		}

	},

	/**
	 * The columns had other names before, and held each text backwards.
	 */
	CONVERTED {

		@Override
		Change change(Names names) {
			return reverse(names, names.former(), names.column());
		}

		@Override
		String stored(String value) {
			return "reverse(" + value + ")";
		}

	},

	/**
	 * The columns have other names until the end, and no copies beside them.
	 */
	IN_PLACE {

		@Override
		Change change(Names names) {
			return rename(names).inPlace();
		}

	},

	/**
	 * The columns had these names before, and held each text backwards. The copies have
	 * the names by which the columns are called before in other schemas, so that it is
	 * these that no statement may say.
	 */
	KEPT {

		@Override
		Change change(Names names) {
			return keepingName(reverse(names, names.column(), names.former()));
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

	private static final List<Names> TEXTS = List.of(new Names("users-handle", USERS, "username", "handle"),
			new Names("products-sku", PRODUCTS, "code", "sku"), new Names("products-label", PRODUCTS, "title", "label"),
			new Names("person", PERSON, "User Name", "Group"));

	private static final List<Names> NUMBERS = List.of(new Names("items-price", ITEMS, "cents", "price"),
			new Names("items-millis", ITEMS, "seconds", "millis"));

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
	 * The names of a column.
	 *
	 * @param id the change's id
	 * @param table the table
	 * @param former the name that statements may not say
	 * @param column the name that they say
	 */
	record Names(String id, TableName table, String former, String column) {
	}

	/**
	 * A change of texts that is made in this way.
	 */
	abstract Change change(Names names);

	/**
	 * What an old column of text holds.
	 * @param value an expression for the final value
	 */
	String stored(String value) {
		return value;
	}

	private static RenameColumn rename(Names names) {
		return new RenameColumn(names.id(), names.table(), names.former(), names.column(), names.id());
	}

	private static ChangeType reverse(Names names, String oldColumn, String newColumn) {
		return ChangeDeclaration
			.changeType(names.table().quoted(), oldColumn, newColumn, "text",
					"reverse(" + Identifiers.quote(oldColumn) + ")", "reverse(" + Identifiers.quote(newColumn) + ")")
			.withoutLoss()
			.withId(names.id())
			.on(names.table());
	}

	private static ChangeType keepingName(ChangeType change) {
		return new ChangeType(change.id(), change.table(), change.oldColumn(), change.newColumn(), true, change.type(),
				change.upward(), change.downward(), change.lossless(), change.declaredAt());
	}

	/**
	 * The names of all changing columns.
	 */
	static List<Names> names() {
		return Stream.concat(TEXTS.stream(), NUMBERS.stream()).toList();
	}

	/**
	 * The changes. That of {@code millis} loses what is below a second on its way through
	 * the old column.
	 */
	List<Change> changes() {
		String cents = keepsNames() ? "price" : "cents";
		String price = keepsNames() ? "cents" : "price";
		String seconds = keepsNames() ? "millis" : "seconds";
		String millis = keepsNames() ? "seconds" : "millis";
		List<Change> changes = new ArrayList<>(TEXTS.stream().map(this::change).toList());
		List<ChangeType> numbers = List.of(
				ChangeDeclaration
					.changeType("items", cents, price, "numeric(10,2)", cents + " / 100.0",
							"round(" + price + " * 100)::int")
					.withoutLoss()
					.withId("items-price")
					.on(ITEMS),
				ChangeDeclaration
					.changeType("items", seconds, millis, "bigint", seconds + " * 1000::bigint",
							"floor(" + millis + " / 1000.0)::int")
					.withId("items-millis")
					.on(ITEMS));
		numbers.forEach((number) -> changes.add(keepsNames() ? keepingName(number) : number));
		return changes;
	}

	/**
	 * The changes that have a copy beside the column.
	 */
	List<ColumnChange> copies() {
		return changes().stream().filter(ColumnChange.class::isInstance).map(ColumnChange.class::cast).toList();
	}

	/**
	 * Whether the changing columns of text stay where they are.
	 * @param synced whether a trigger keeps the columns in step
	 */
	boolean originalsStay(boolean synced) {
		return this == IN_PLACE || (this == RENAMED && synced);
	}

	/**
	 * Whether the old columns of text hold other values.
	 */
	boolean converts() {
		return this == CONVERTED || this == KEPT;
	}

	boolean keepsNames() {
		return this == KEPT;
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
	static String finalState() {
		return state(names().stream().map((names) -> Identifiers.quote(names.column())).toList());
	}

	/**
	 * A query on all tables that gives the same before, by what the new columns hold.
	 */
	String newState() {
		return state(changes().stream()
			.map((change) -> Identifiers
				.quote((change instanceof ColumnChange copied) ? copied.newColumn() : change.changingColumns().get(0)))
			.toList());
	}

	/**
	 * A query on all tables that gives the same before, by what the old columns hold.
	 */
	String formerState() {
		return state(changes().stream().map((change) -> {
			if (!(change instanceof ColumnChange copied)) {
				return Identifiers.quote(change.changingColumns().get(0));
			}
			return copied.lossless() ? up(copied)
					: "COALESCE(" + Identifiers.quote(copied.newColumn()) + ", " + up(copied) + ")";
		}).toList());
	}

	private static String state(List<String> columns) {
		return STATE.formatted(columns.toArray());
	}

	/**
	 * A query that finds rows whose columns do not agree.
	 * @param unfilled whether a new column that is empty is in order
	 */
	String disagreeing(boolean unfilled) {
		return copies().stream().map((change) -> {
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
	 * held, under the names that they had.
	 */
	List<String> store() {
		List<String> statements = new ArrayList<>();
		if (converts()) {
			statements.add("DROP INDEX users_partial");
			statements.add("UPDATE users SET username = " + stored("username"));
			statements.add("UPDATE products SET code = " + stored("code") + ", title = " + stored("title"));
			statements.add("UPDATE \"Person\" SET \"User Name\" = " + stored("\"User Name\""));
			statements.add("ALTER TABLE products ALTER code SET DEFAULT " + stored("'none'")
					+ ", ALTER title SET DEFAULT " + stored("'untitled'"));
			statements.add("CREATE UNIQUE INDEX users_partial ON users (username) WHERE username <> "
					+ stored("'nobody'") + " AND age > 0");
		}
		if (keepsNames()) {
			names().forEach((names) -> statements.add("ALTER TABLE " + names.table().quoted() + " RENAME COLUMN "
					+ Identifiers.quote(names.former()) + " TO " + Identifiers.quote(names.column())));
		}
		return statements;
	}

}
