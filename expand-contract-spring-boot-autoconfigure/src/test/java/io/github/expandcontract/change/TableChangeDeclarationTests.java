package io.github.expandcontract.change;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import io.github.expandcontract.postgres.TableName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TableChangeDeclarationTests {

	private final ChangeResolver resolver = new ChangeResolver(new TableLookup() {

		@Override
		public Optional<TableName> resolve(@Nullable String schema, String name) {
			return tables().stream()
				.filter((table) -> table.name().equals(name) && (schema == null || table.schema().equals(schema)))
				.findFirst();
		}

		@Override
		public List<String> columns(TableName table) {
			return List.of();
		}

		@Override
		public List<TableName> tables() {
			return List.of(new TableName("shop", "orders"), new TableName("crm", "customers"));
		}

	});

	private Change resolve(ChangeDeclaration declaration) {
		return this.resolver.resolve(List.of(declaration)).get(0);
	}

	@Test
	void idIsTableAndName() {
		assertThat(resolve(ChangeDeclaration.addIndex("orders", "by_total", "(total)")).id())
			.isEqualTo("orders-by-total");
		assertThat(resolve(ChangeDeclaration.requireNotNull("orders", "total")).id()).isEqualTo("orders-total");
		assertThat(resolve(ChangeDeclaration.addCheck("orders", "positive", "total > 0").withId("mine")).id())
			.isEqualTo("mine");
	}

	@Test
	void foreignKeyFindsTheTableThatItRefersToByTheSearchPath() {
		AddForeignKey key = (AddForeignKey) resolve(
				ChangeDeclaration.addForeignKey("shop.orders", "fk", "customer_id", "customers", "id"));
		assertThat(key.referenced()).isEqualTo(new TableName("crm", "customers"));
		assertThatExceptionOfType(TableNotFoundException.class)
			.isThrownBy(() -> resolve(ChangeDeclaration.addForeignKey("orders", "fk", "customer_id", "custmers", "id")))
			.withMessageContaining("\"custmers\"")
			.withMessageContaining("'crm.customers'");
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "CREATE INDEX i ON orders (total)", "total", "(total); DROP TABLE orders",
			"(total)) WHERE (true", "(total) -- all of them", "(total) WHERE total IN (SELECT 1)" })
	void refusesWhatIsNotTheDefinitionOfAnIndex(String definition) {
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> ChangeDeclaration.addIndex("orders", "i", definition))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("behind the table's name in CREATE INDEX"));
	}

	@ParameterizedTest
	@ValueSource(strings = { "", "total > 0) NOT VALID, ADD CHECK (true", "total > (SELECT 1)", "total > ?" })
	void refusesWhatIsNotACondition(String condition) {
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> ChangeDeclaration.addCheck("orders", "c", condition))
			.satisfies((ex) -> assertThat(ex.getAction()).contains("total >= 0"));
	}

	@Test
	void refusesNamesThatPostgresWouldCutAndColumnsThatDoNotPair() {
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> ChangeDeclaration.addUnique("orders", "ä".repeat(32), "total"))
			.withMessageContaining("63 bytes");
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> ChangeDeclaration.addUnique("orders", "u", "total", "total"))
			.withMessageContaining("twice");
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(
				() -> ChangeDeclaration.addForeignKey("orders", "fk", List.of("a", "b"), "customers", List.of("id")))
			.withMessageContaining("2 columns");
	}

	@Test
	void refusesToBuildOnAColumnThatAnotherChangeTakesAway() {
		ChangeDeclaration rename = ChangeDeclaration.renameColumn("customers", "id", "number");
		for (ChangeDeclaration built : List.of(ChangeDeclaration.addIndex("customers", "i", "(lower(name), id)"),
				ChangeDeclaration.addCheck("customers", "c", "number > 0"),
				ChangeDeclaration.addForeignKey("orders", "fk", "customer_id", "customers", "id"))) {
			assertThatExceptionOfType(ConflictingChangesException.class)
				.isThrownBy(() -> this.resolver.resolve(List.of(rename, built)))
				.withMessageContaining("is built on column");
			assertThatExceptionOfType(ConflictingChangesException.class)
				.isThrownBy(() -> this.resolver.resolve(List.of(built, rename)));
		}
		assertThat(this.resolver.resolve(List.of(rename, ChangeDeclaration.addIndex("orders", "i", "(id)"))))
			.hasSize(2);
	}

}
