package io.github.expandcontract.change;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import io.github.expandcontract.postgres.TableName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class AddColumnDeclarationTests {

	private static final TableName TABLE = new TableName("public", "orders");

	private static final List<String> COLUMNS = List.of("price", "quantity", "text", "date", "time", "zone", "day",
			"as", "lower", "precision", "The Note", "extra");

	private static AddColumn extra(String fill) {
		return ChangeDeclaration.addColumn("orders", "extra", "text", fill).on(TABLE, COLUMNS);
	}

	@ParameterizedTest
	@CsvSource(delimiter = '~', quoteCharacter = '`',
			value = { "PRICE * quantity ~ <price> * <quantity>", "price*\"quantity\" ~ <price>*<quantity>",
					"\"The Note\" || 'price' ~ <The Note> || 'price'", "\"PRICE\" + 1 ~ \"PRICE\" + 1",
					"CAST(text AS text) ~ CAST(<text> AS text)", "text::text ~ <text>::text",
					"lower(lower) ~ lower(<lower>)", "text 'a' || text ~ text 'a' || <text>",
					"date + time ~ <date> + <time>", "date '2020-01-01' ~ date '2020-01-01'",
					"CAST(date AS timestamp with time zone) ~ CAST(<date> AS timestamp with time zone)",
					"date AT TIME ZONE zone ~ <date> AT TIME ZONE <zone>",
					"extract(day FROM date) + day ~ extract(day FROM <date>) + <day>",
					"price::double precision + precision ~ <price>::double precision + <precision>",
					"CASE WHEN price > 1 THEN text ELSE lower END ~ CASE WHEN <price> > 1 THEN <text> ELSE <lower> END",
					"coalesce(text, lower COLLATE text) ~ coalesce(<text>, <lower> COLLATE text)",
					"price IS NOT DISTINCT FROM quantity ~ <price> IS NOT DISTINCT FROM <quantity>",
					"NOT price BETWEEN day AND quantity ~ NOT <price> BETWEEN <day> AND <quantity>",
					"make_date(day => day) ~ make_date(day => <day>)", "text LIKE lower ~ <text> LIKE <lower>",
					"price OPERATOR(pg_catalog.+) quantity ~ <price> OPERATOR(pg_catalog.+) <quantity>",
					"substring(text FROM day FOR price) ~ substring(<text> FROM <day> FOR <price>)",
					"ARRAY[price, -quantity] ~ ARRAY[<price>, -<quantity>]", "extra ~ extra" })
	void takesForAColumnWhatIsOne(String fill, String expected) {
		assertThat(extra(fill).up("extra", (column) -> "<" + column + ">")).isEqualTo("CAST(" + expected + " AS text)");
	}

	@ParameterizedTest
	@CsvSource(delimiter = '~', quoteCharacter = '`',
			value = { "orders.price ~ qualifier", "price; SELECT 1 ~ more than one expression", "(SELECT 1) ~ query",
					"price -- cents ~ comment", "price > ? ~ parameter", "(1 ~ brackets", "'standard ~ does not end" })
	void refusesWhatIsNotOneExpression(String fill, String reason) {
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(() -> extra(fill))
			.withMessageContaining("'fill'")
			.withMessageContaining(fill)
			.withMessageContaining(reason);
		if (!fill.equals("orders.price")) {
			AddColumnDeclaration declaration = ChangeDeclaration.addColumn("orders", "extra", "text", "'a'");
			assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(() -> declaration.withDefault(fill))
				.withMessageContaining("'defaultValue'")
				.withMessageContaining(reason);
		}
	}

	@Test
	void refusesWhatHasNoNameAndWhatIsNoType() {
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> ChangeDeclaration.addColumn("orders", " ", "text", "'a'"))
			.withMessageContaining("empty name");
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> ChangeDeclaration.addColumn("orders", "extra", "text NOT NULL -- x", "'a'"))
			.withMessageContaining("names as a type");
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> ChangeDeclaration.addColumn("orders", "extra", "text", "'a'").withId("A B"))
			.withMessageContaining("'A B'");
	}

	@Test
	void knowsWhatTheColumnHasForADefault() {
		AddColumnDeclaration constant = ChangeDeclaration.addColumn("orders", "extra", "text", "'a'");
		AddColumnDeclaration computed = ChangeDeclaration.addColumn("orders", "extra", "text", "price::text");
		assertThat(constant.on(TABLE).filledAtOnce()).isTrue();
		assertThat(constant.on(TABLE).columnDefault()).isEqualTo("'a'");
		assertThat(constant.withDefault("'b'").on(TABLE, COLUMNS).columnDefault()).isEqualTo("'b'");
		assertThat(computed.on(TABLE, COLUMNS).filledAtOnce()).isFalse();
		assertThat(computed.on(TABLE, COLUMNS).columnDefault()).isNull();
		assertThat(computed.withDefault("'b'").on(TABLE, COLUMNS).columnDefault()).isEqualTo("'b'");
		assertThat(constant.id()).isEqualTo("orders-extra");
		assertThat(constant.withId("mine").on(TABLE).id()).isEqualTo("mine");
	}

}
