package io.github.expandcontract.sql;

import java.util.List;
import java.util.Map;
import java.util.Set;

import org.junit.jupiter.api.Test;
import org.mockito.ArgumentMatchers;
import org.mockito.BDDMockito;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.postgres.TableName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.mockito.Mockito.mock;

/**
 * How a change that converts values is written, whatever kind of change that is.
 */
class ConversionTests {

	private static final TableName ITEMS = new TableName("public", "items");

	private static RenameColumn conversion(boolean lossless) {
		RenameColumn change = mock(RenameColumn.class);
		BDDMockito.given(change.id()).willReturn("items-price");
		BDDMockito.given(change.table()).willReturn(ITEMS);
		BDDMockito.given(change.oldColumn()).willReturn("cents");
		BDDMockito.given(change.newColumn()).willReturn("price");
		BDDMockito.given(change.lossless()).willReturn(lossless);
		BDDMockito.given(change.up(ArgumentMatchers.anyString()))
			.willAnswer((call) -> "(" + call.getArgument(0) + " / 100.0)");
		BDDMockito.given(change.down(ArgumentMatchers.anyString()))
			.willAnswer((call) -> "round(" + call.getArgument(0) + " * 100)::int");
		return change;
	}

	private static Column column(String name, int position, String type) {
		return new Column(name, position, type, false, null, false, false, false, null);
	}

	private static String rewrite(Phase phase, String sql) {
		return rewrite(phase, sql, true);
	}

	private static String rewrite(Phase phase, String sql, boolean lossless) {
		Table table = new Table(1, ITEMS, false,
				List.of(column("id", 1, "integer"), column("cents", 2, "integer"), column("price", 3, "numeric(10,2)")),
				List.of("id"));
		SchemaView view = new SchemaView(1, List.of("public"), Map.of(ITEMS, table), Set.of(), Map.of(), Set.of());
		Rewriting rewriting = new StatementRewriter(view,
				ColumnRule.of(conversion(lossless), phase, SyncMode.BOTH).stream().toList())
			.rewrite(sql);
		return (rewriting instanceof Rewriting.Rewritten rewritten) ? rewritten.sql() : rewriting.toString();
	}

	@Test
	void convertsReads() {
		assertThat(rewrite(Phase.EXPAND, "SELECT i.price, price * 2 FROM items i WHERE price = ? ORDER BY price"))
			.isEqualTo("SELECT (i.cents / 100.0) AS price, (cents / 100.0) * 2 FROM items i "
					+ "WHERE (cents / 100.0) = ? ORDER BY (i.cents / 100.0)");
		assertThat(rewrite(Phase.DUAL_WRITE, "SELECT * FROM items"))
			.isEqualTo("SELECT id, COALESCE(price, (cents / 100.0)) AS price FROM items");
	}

	@Test
	void readsPredicatesWithFallbackWhereTheOldColumnDoesNotDetermineTheNewOne() {
		assertThat(rewrite(Phase.DUAL_WRITE, "SELECT id FROM items WHERE price = ?", false))
			.isEqualTo("SELECT id FROM items WHERE COALESCE(price, (cents / 100.0)) = ?");
	}

	@Test
	void convertsWrittenValues() {
		assertThat(rewrite(Phase.EXPAND, "INSERT INTO items (id, price) VALUES (1, ?), (2, 1.5 + 2)"))
			.isEqualTo("INSERT INTO items (id, cents) VALUES (1, round(CAST(? AS numeric(10,2)) * 100)::int), "
					+ "(2, round((1.5 + 2) * 100)::int)");
		assertThat(rewrite(Phase.DUAL_WRITE, "UPDATE items SET price = ? WHERE id = ?"))
			.isEqualTo("UPDATE items SET price = ?, cents = round(CAST(? AS numeric(10,2)) * 100)::int WHERE id = ?");
		assertThat(rewrite(Phase.DUAL_WRITE, "UPDATE items SET price = price * 2"))
			.isEqualTo("UPDATE items SET price = (cents / 100.0) * 2, cents = round(((cents / 100.0) * 2) * 100)::int");
	}

	@Test
	void doesNotConvertThereAndBack() {
		assertThat(rewrite(Phase.EXPAND,
				"INSERT INTO items (id, price) VALUES (1, 2) ON CONFLICT (id) DO UPDATE SET price = EXCLUDED.price"))
			.isEqualTo("INSERT INTO items (id, cents) VALUES (1, round(2 * 100)::int) "
					+ "ON CONFLICT (id) DO UPDATE SET cents = EXCLUDED.cents");
		assertThat(rewrite(Phase.DUAL_WRITE, "UPDATE items SET price = price"))
			.isEqualTo("UPDATE items SET price = (cents / 100.0), cents = cents");
	}

	@Test
	void convertsItemsOfAQuery() {
		assertThat(rewrite(Phase.EXPAND, "INSERT INTO items (id, price) SELECT a, b AS c FROM x"))
			.isEqualTo("INSERT INTO items (id, cents) SELECT a, round(b * 100)::int AS c FROM x");
		assertThat(rewrite(Phase.EXPAND, "INSERT INTO items (id, price) SELECT a, b FROM x UNION SELECT 1, 2"))
			.startsWith("Refused");
	}

	@Test
	void infersConflictsByTheColumnItself() {
		assertThat(rewrite(Phase.EXPAND, "INSERT INTO items (price) VALUES (NULL) ON CONFLICT (price) DO NOTHING"))
			.isEqualTo("INSERT INTO items (cents) VALUES (round(CAST(NULL AS numeric(10,2)) * 100)::int) "
					+ "ON CONFLICT (cents) DO NOTHING");
	}

}
