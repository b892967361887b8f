package io.github.expandcontract.change;

import java.util.List;
import java.util.Optional;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import io.github.expandcontract.postgres.TableName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ChangeResolverTests {

	private final ChangeResolver resolver = new ChangeResolver(new Tables());

	@Test
	void givesTheTableItsSchema() {
		assertThat(this.resolver.resolve(List.of(ChangeDeclaration.renameColumn("Users", "username", "handle"))))
			.singleElement()
			.satisfies((change) -> {
				assertThat(change.id()).isEqualTo("users-handle");
				assertThat(change.table()).isEqualTo(new TableName("public", "users"));
				assertThat(change.declaredAt()).isEqualTo("renameColumn(\"Users\", \"username\", \"handle\")");
			});
	}

	@Test
	void keepsQuotedNamesAndSchema() {
		assertThat(this.resolver
			.resolve(List.of(ChangeDeclaration.renameColumn("CRM.\"My.\"\"Table\"", "a", "b").withId("mine"))))
			.containsExactly(new RenameColumn("mine", new TableName("crm", "My.\"Table"), "a", "b",
					"renameColumn(\"CRM.\"My.\"\"Table\"\", \"a\", \"b\")"));
	}

	@Test
	void takesOneRenameOfTwoEntitiesOfATableForOneChange() {
		assertThat(this.resolver.resolve(List.of(ChangeDeclaration.renameColumn("users", "username", "handle"),
				ChangeDeclaration.renameColumn("public.users", "username", "handle"))))
			.hasSize(1);
	}

	@Test
	void takesChangesOfTypeWithDifferentExpressionsForTwo() {
		assertThat(this.resolver.resolve(List.of(changeType("a / 100.0"), changeType("a / 100.0")))).hasSize(1);
		conflict(changeType("a / 100.0"), changeType("a / 10.0"), "belongs to two changes");
	}

	@Test
	void refusesTwoKindsOfChangeOnOneColumn() {
		conflict(ChangeDeclaration.reshape("users")
			.from("name", "a || b")
			.into("a", "text", "left(name, 1)")
			.into("b", "text", "substr(name, 2)")
			.build(), changeType("a / 10.0"), "Column \"a\" of table");
	}

	private static ChangeDeclaration changeType(String up) {
		return ChangeDeclaration.changeType("users", "a", "b", "numeric", up, "b::int");
	}

	@Test
	void namesTheNearestTables() {
		assertThatExceptionOfType(TableNotFoundException.class)
			.isThrownBy(
					() -> this.resolver.resolve(List.of(ChangeDeclaration.renameColumn("user", "username", "handle"))))
			.withMessageContaining("\"user\"")
			.withMessageContaining("'public.users'")
			.withMessageNotContaining("My.");
	}

	@Test
	void refusesOneIdForTwoChanges() {
		conflict(ChangeDeclaration.renameColumn("users", "a", "b").withId("x"),
				ChangeDeclaration.renameColumn("orders", "a", "b").withId("x"), "'x' is declared twice");
	}

	@Test
	void refusesTwoChangesOfOneOldColumn() {
		conflict(ChangeDeclaration.renameColumn("users", "a", "b"), ChangeDeclaration.renameColumn("users", "a", "c"),
				"Column \"a\" of table public.users");
	}

	@Test
	void refusesTwoChangesToOneNewColumn() {
		conflict(ChangeDeclaration.renameColumn("users", "a", "c"), ChangeDeclaration.renameColumn("users", "b", "c"),
				"Column \"c\" of table public.users");
	}

	@Test
	void refusesChains() {
		conflict(ChangeDeclaration.renameColumn("users", "a", "b"), ChangeDeclaration.renameColumn("users", "b", "c"),
				"Column \"b\" of table public.users");
		conflict(ChangeDeclaration.renameColumn("users", "b", "c"), ChangeDeclaration.renameColumn("users", "a", "b"),
				"Column \"b\" of table public.users");
	}

	@Test
	void refusesToFillAColumnFromOneThatAnotherChangeTakesAway() {
		ChangeDeclaration filled = ChangeDeclaration.addColumn("users", "c", "text", "a || 'x'");
		ChangeDeclaration rename = ChangeDeclaration.renameColumn("users", "a", "z");
		conflict(filled, rename, "fills \"c\" from column \"a\"");
		conflict(rename, filled, "fills \"c\" from column \"a\"");
		assertThat(this.resolver.resolve(List.of(filled, ChangeDeclaration.renameColumn("orders", "a", "z"),
				ChangeDeclaration.addColumn("users", "d", "text", "'a'"))))
			.hasSize(3);
		conflict(filled, ChangeDeclaration.addColumn("users", "c", "text", "'a'").withId("x"),
				"Column \"c\" of table public.users");
	}

	@Test
	void allowsOneColumnNameInTwoTables() {
		assertThat(this.resolver.resolve(List.of(ChangeDeclaration.renameColumn("users", "a", "b"),
				ChangeDeclaration.renameColumn("orders", "a", "b"))))
			.hasSize(2);
	}

	@Test
	void refusesTextsThatAreNoNames() {
		for (String text : List.of("", ".", "a.", ".a", "a.b.c", "\"a", "a b", "a\"b\"", "\"a\"b", "\"\"")) {
			assertThatExceptionOfType(InvalidDeclarationException.class).as(text)
				.isThrownBy(() -> ChangeDeclaration.renameColumn(text, "a", "b"));
		}
	}

	@Test
	void refusesUnusableIds() {
		RenameColumnDeclaration declaration = ChangeDeclaration.renameColumn("users", "a", "b");
		for (String id : List.of("", "A", "a b", "a_b", "-a", "a-", "a--b", "a.b", "a".repeat(129))) {
			assertThatExceptionOfType(InvalidDeclarationException.class).as(id)
				.isThrownBy(() -> declaration.withId(id));
		}
	}

	private void conflict(ChangeDeclaration first, ChangeDeclaration second, String message) {
		assertThatExceptionOfType(ConflictingChangesException.class)
			.isThrownBy(() -> this.resolver.resolve(List.of(first, second)))
			.withMessageContaining(message)
			.withMessageContaining(first.declaredAt())
			.withMessageContaining(second.declaredAt());
	}

	private static final class Tables implements TableLookup {

		private final List<TableName> tables = List.of(new TableName("public", "users"),
				new TableName("public", "orders"), new TableName("crm", "My.\"Table"));

		@Override
		public Optional<TableName> resolve(@Nullable String schema, String name) {
			return this.tables.stream()
				.filter((table) -> table.name().equals(name)
						&& table.schema().equals((schema != null) ? schema : "public"))
				.findFirst();
		}

		@Override
		public List<String> columns(TableName table) {
			return List.of("id", "a", "b");
		}

		@Override
		public List<TableName> tables() {
			return this.tables;
		}

	}

}
