package io.github.expandcontract.schema;

import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import org.springframework.jdbc.core.JdbcOperations;
import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ChangeTypeDeclaration;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.change.RenameInPlace;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * Recipes that are cut off behind each of their statements, as by a kill, and go on with
 * whatever that has left: by a copy, in place, and under a name that is kept. Where a
 * step moves the phase as well, both have happened or neither.
 */
class InterruptedStepsIntegrationTests {

	private static final Duration PATIENCE = Duration.ofMillis(500);

	private static final TableName USERS = new TableName("public", "users");

	private static final RenameColumn RENAME = new RenameColumn("users-handle", USERS, "username", "handle",
			"User.handle");

	private static final RenameInPlace IN_PLACE = new RenameInPlace("users-handle", USERS, "username", "handle",
			"User.handle");

	private static final ChangeType PRICE = new ChangeTypeDeclaration("products-price", null, "products", "price",
			"price", "numeric(10,2)", "price / 100.0", "round(price * 100)::int", false, "Product.price")
		.on(new TableName("public", "products"));

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private int cuts;

	private void users() {
		this.jdbc.execute("""
				CREATE TABLE phase (name text);
				INSERT INTO phase VALUES ('expand');
				CREATE TABLE users (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
				  username text NOT NULL DEFAULT 'guest' CHECK (username <> ''), email text);
				ALTER TABLE users ADD CONSTRAINT users_username_key UNIQUE (username);
				CREATE INDEX users_lower ON users (lower(username), email);
				COMMENT ON COLUMN users.username IS 'who it is';
				CREATE TABLE orders (by_user text REFERENCES users (username));
				CREATE VIEW names AS SELECT username AS name FROM users;
				INSERT INTO users (username, email) SELECT 'name' || i, i || '@x' FROM generate_series(1, 20) i;
				INSERT INTO orders VALUES ('name7')
				""");
	}

	private static Consumer<JdbcOperations> moveTo(String phase) {
		return (within) -> within.update("UPDATE phase SET name = ?", phase);
	}

	/**
	 * Cuts off what does not move the phase.
	 */
	private void cut(Consumer<Ddl> work) {
		this.cuts += Interrupting.everywhere(this.database.dataSource(), work, () -> {
		});
	}

	/**
	 * Cuts off a move.
	 */
	private void cutMove(Consumer<Ddl> move, Runnable agree) {
		this.cuts += Interrupting.everywhere(this.database.dataSource(), move, agree);
	}

	private boolean contracted() {
		return "contract".equals(this.jdbc.queryForObject("SELECT name FROM phase", String.class));
	}

	private List<String> catalog() {
		return this.jdbc.queryForList("""
				SELECT attname || ' ' || format_type(atttypid, atttypmod) || attnotnull
				  || coalesce(col_description(attrelid, attnum), '') || coalesce(pg_get_expr(adbin, adrelid), '')
				FROM pg_attribute LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
				WHERE attrelid IN (to_regclass('users'), to_regclass('products')) AND attnum > 0 AND NOT attisdropped
				UNION ALL SELECT conname || pg_get_constraintdef(oid) || convalidated FROM pg_constraint
				WHERE connamespace = 'public'::regnamespace AND contype <> 'n'
				UNION ALL SELECT pg_get_indexdef(indexrelid) || indisvalid || indisready FROM pg_index
				WHERE indrelid IN (to_regclass('users'), to_regclass('products'))
				UNION ALL SELECT tgname FROM pg_trigger WHERE NOT tgisinternal
				UNION ALL SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace
				ORDER BY 1
				""", String.class);
	}

	private List<String> rows(String query) {
		return this.jdbc.queryForList(query, String.class);
	}

	@Test
	void renameInPlace() {
		users();
		List<String> before = catalog();
		List<String> names = rows("SELECT username || id || email FROM users ORDER BY id");
		Runnable agree = () -> assertThat(new InPlaceSteps(ddl()).inspect(IN_PLACE))
			.isEqualTo(contracted() ? Situation.NEW_ONLY : Situation.OLD_ONLY);
		for (int round = 0; round < 2; round++) {
			cutMove((ddl) -> new InPlaceSteps(ddl).contract(IN_PLACE, PATIENCE, moveTo("contract")), agree);
			assertThat(contracted()).isTrue();
			assertThat(rows("SELECT handle || id || email FROM users ORDER BY id")).isEqualTo(names);
			assertThat(catalog()).isEqualTo(before.stream()
				.map((line) -> line.replace("username", "handle"))
				.map((line) -> line.replace("users_handle", "users_username"))
				.sorted()
				.toList());
			cutMove((ddl) -> new InPlaceSteps(ddl).reopen(IN_PLACE, PATIENCE, moveTo("expand")), agree);
			assertThat(contracted()).isFalse();
			assertThat(catalog()).isEqualTo(before);
		}
		assertThat(rows("SELECT username || id || email FROM users ORDER BY id")).isEqualTo(names);
		assertThat(this.cuts).isEqualTo(16);
	}

	@Test
	void renameByACopy() {
		users();
		List<String> names = rows("SELECT username || id || email FROM users ORDER BY id");
		Runnable agree = () -> assertThat(steps(ddl()).inspect(RENAME))
			.isEqualTo(contracted() ? Situation.NEW_ONLY : Situation.BOTH);
		cut((ddl) -> steps(ddl).expand(RENAME));
		this.jdbc.update("UPDATE users SET handle = username");
		cut((ddl) -> steps(ddl).copyIndexes(RENAME));
		assertThat(steps(ddl()).missingCopies(RENAME)).isEmpty();
		List<String> both = catalog();
		cut((ddl) -> steps(ddl).prepareContract(RENAME));
		cutMove((ddl) -> steps(ddl).contract(RENAME, PATIENCE, moveTo("contract")), agree);
		assertThat(contracted()).isTrue();
		assertThat(rows("SELECT handle || id || email FROM users ORDER BY id")).isEqualTo(names);
		List<String> contracted = catalog();
		assertThat(contracted).noneMatch((line) -> line.contains("username ") || line.contains("expand_contract"));
		cutMove((ddl) -> steps(ddl).reopen(RENAME, PATIENCE, moveTo("backfill")), agree);
		cut((ddl) -> steps(ddl).restoreOld(RENAME));
		this.jdbc.update("UPDATE users SET handle = username");
		cut((ddl) -> steps(ddl).copyIndexes(RENAME));
		assertThat(catalog()).isEqualTo(both);
		assertThat(rows("SELECT username || id || email FROM users ORDER BY id")).isEqualTo(names);
		cutMove((ddl) -> steps(ddl).contract(RENAME, PATIENCE, moveTo("contract")), agree);
		assertThat(catalog()).isEqualTo(contracted);
		assertThat(rows("SELECT handle || id || email FROM users ORDER BY id")).isEqualTo(names);
		assertThat(this.cuts).isGreaterThan(15);
	}

	/**
	 * A unique column has no way back, so it goes forward alone.
	 */
	@ParameterizedTest
	@ValueSource(booleans = { false, true })
	void changeOfTypeThatKeepsTheName(boolean unique) {
		this.jdbc.execute("""
				CREATE TABLE phase (name text);
				INSERT INTO phase VALUES ('expand');
				CREATE TABLE products (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text,
				  price int NOT NULL DEFAULT 100 CONSTRAINT paid CHECK (price >= 0));
				CREATE INDEX products_by_price ON products (price DESC, name);
				COMMENT ON COLUMN products.price IS 'what it costs';
				INSERT INTO products (name, price) SELECT 'p' || i, i FROM generate_series(1, 20) i
				""");
		if (unique) {
			this.jdbc.execute("ALTER TABLE products ADD CONSTRAINT once UNIQUE (price)");
		}
		List<String> before = catalog();
		Runnable agree = () -> assertThat(steps(ddl()).inspect(PRICE))
			.isEqualTo(contracted() ? Situation.NEW_ONLY : Situation.BOTH);
		cut((ddl) -> steps(ddl).expand(PRICE));
		this.jdbc.update("UPDATE products SET expand_contract_price = price / 100.0");
		contractPrice(agree);
		List<String> contracted = catalog();
		assertThat(contracted).hasSameSizeAs(before)
			.noneMatch((line) -> line.contains("expand_contract"))
			.anyMatch((line) -> line.startsWith("price numeric(10,2)truewhat it costs"));
		if (!unique) {
			cutMove((ddl) -> steps(ddl).reopen(PRICE, PATIENCE, moveTo("backfill")), agree);
			this.jdbc.update("UPDATE products SET price = round(expand_contract_price * 100)::int WHERE price IS NULL");
			cut((ddl) -> steps(ddl).restoreOld(PRICE));
			assertThat(rows("SELECT id || name || price FROM products ORDER BY id"))
				.isEqualTo(rows("SELECT i || 'p' || i || i FROM generate_series(1, 20) i"));
			contractPrice(agree);
			assertThat(catalog()).isEqualTo(contracted);
		}
		assertThat(this.cuts).isGreaterThan(15);
	}

	private void contractPrice(Runnable agree) {
		cut((ddl) -> steps(ddl).copyIndexes(PRICE));
		cut((ddl) -> steps(ddl).makeUnique(PRICE));
		cut((ddl) -> steps(ddl).prepareContract(PRICE));
		cutMove((ddl) -> steps(ddl).contract(PRICE, PATIENCE, moveTo("contract")), agree);
		assertThat(contracted()).isTrue();
		assertThat(rows("SELECT id || name || price FROM products ORDER BY id"))
			.isEqualTo(rows("SELECT i || 'p' || i || round(i / 100.0, 2) FROM generate_series(1, 20) i"));
	}

	private Ddl ddl() {
		return new Ddl(this.database.dataSource(), LockRetry.defaults());
	}

	private static ColumnSteps steps(Ddl ddl) {
		return new ColumnSteps(ddl, SyncMode.BOTH);
	}

}
