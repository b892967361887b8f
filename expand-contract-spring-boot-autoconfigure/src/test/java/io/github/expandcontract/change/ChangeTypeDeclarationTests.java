package io.github.expandcontract.change;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.expandcontract.postgres.TableName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ChangeTypeDeclarationTests {

	private static final TableName TABLE = new TableName("public", "products");

	private static ChangeTypeDeclaration declaration(String type, String up) {
		return ChangeDeclaration.changeType("products", "price", "price_decimal", type, up, "price_decimal::int");
	}

	@Test
	void putsAnyReferenceIntoTheExpressions() {
		ChangeType change = ChangeDeclaration
			.changeType("products", "price", "price_decimal", "numeric(10,2)", "PRICE / 100.0 + \"price\"",
					"round(price_decimal * 100)::int")
			.on(TABLE);
		assertThat(change.up("p.\"price\"")).isEqualTo("CAST(p.\"price\" / 100.0 + p.\"price\" AS numeric(10,2))");
		assertThat(change.down("NEW.x")).isEqualTo("(round(NEW.x * 100)::int)");
	}

	@Test
	void keepsTheNameWhereBothColumnsHaveIt() {
		ChangeType change = ChangeDeclaration
			.changeType("products", "price", "price", "numeric(10,2)", "price / 100.0", "round(price * 100)::int")
			.on(TABLE);
		assertThat(change.id()).isEqualTo("products-price");
		assertThat(change.name()).isEqualTo("price");
		assertThat(change.oldColumn()).isEqualTo("price");
		assertThat(change.newColumn()).isEqualTo("expand_contract_price");
		assertThat(change.up("x")).isEqualTo("CAST(x / 100.0 AS numeric(10,2))");
		assertThat(change.down("y")).isEqualTo("(round(y * 100)::int)");
	}

	@Test
	void leavesWhatOnlyLooksLikeTheColumn() {
		ChangeType change = declaration("text", "price(price::text, 'price', $$price$$, \"Price\")::price").on(TABLE);
		assertThat(change.up("x")).isEqualTo("CAST(price(x::text, 'price', $$price$$, \"Price\")::price AS text)");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '~', quoteCharacter = '`',
			value = { "1 + 1 ~ does not name the column", "cost ~ does not name the column",
					"price; DROP TABLE x ~ more than one expression", "price -- cents ~ comment",
					"price /* cents */ ~ comment", "price > ? ~ parameter", "price + $1 ~ parameter",
					"data ? 'price' || price ~ parameter", "(price ~ brackets", "price) + (1 ~ brackets",
					"p.price ~ qualifier", "(SELECT price) ~ query", "price || 'x ~ does not end",
					"{fn abs(price)} ~ escape of JDBC" })
	void refusesWhatIsNotOneExpressionOverTheColumn(String expression, String reason) {
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(() -> declaration("text", expression))
			.withMessageContaining("'up'")
			.withMessageContaining(expression)
			.withMessageContaining(reason);
	}

	@ParameterizedTest
	@ValueSource(strings = { "", " ", "text; DROP TABLE x", "text -- x", "numeric(10", "'text'", "text DEFAULT 1 + 1",
			"(text)", "text)" })
	void refusesWhatIsNoType(String type) {
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(() -> declaration(type, "price::text"))
			.withMessageContaining("names as a type");
	}

	@ParameterizedTest
	@ValueSource(strings = { "text", "numeric(10, 2)", "timestamp(3) with time zone", "crm.\"My Type\"", "int[]",
			"double precision", "character varying(20)[3]" })
	void takesAnyType(String type) {
		assertThat(declaration(type, "price::text").on(TABLE).type()).isEqualTo(type);
	}

}
