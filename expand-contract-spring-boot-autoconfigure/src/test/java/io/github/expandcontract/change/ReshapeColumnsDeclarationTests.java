package io.github.expandcontract.change;

import org.junit.jupiter.api.Test;

import io.github.expandcontract.postgres.TableName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ReshapeColumnsDeclarationTests {

	private static final String DOWN = "nullif(concat_ws(' ', first_name, last_name), '')";

	private static ReshapeColumnsDeclaration.Builder split() {
		return ChangeDeclaration.reshape("crm.users")
			.from("full_name", DOWN)
			.into("first_name", "text", "split_part(full_name, ' ', 1)");
	}

	private static void refused(ReshapeColumnsDeclaration.Builder builder, String... reasons) {
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(builder::build)
			.satisfies((ex) -> assertThat(ex.getMessage() + ex.getAction()).contains(reasons));
	}

	@Test
	void becomesTheChangeWithEachExpressionOverTheOtherSide() {
		ReshapeColumnsDeclaration declaration = split().into("last_name", "varchar", "split_part(full_name, ' ', 2)")
			.build();
		assertThat(declaration.id()).isEqualTo("users-first-name");
		assertThat(declaration.withId("names").id()).isEqualTo("names");
		ReshapeColumns change = declaration.on(new TableName("crm", "users"));
		assertThat(change.oldColumns()).containsExactly("full_name");
		assertThat(change.newColumns()).containsExactly("first_name", "last_name");
		assertThat(change.up("last_name", (column) -> "NEW." + column))
			.isEqualTo("CAST(split_part(NEW.full_name, ' ', 2) AS varchar)");
		assertThat(change.down("full_name", (column) -> "t." + column))
			.isEqualTo("(nullif(concat_ws(' ', t.first_name, t.last_name), ''))");
		assertThat(change.describe()).isEqualTo("make first_name, last_name of full_name in crm.users");
	}

	@Test
	void refusesWhatSplitsAndMergesNothing() {
		refused(split(), "does not split or merge", "changeType");
		refused(ChangeDeclaration.reshape("users").from("a", "c").from("b", "c"), "does not split or merge");
	}

	@Test
	void refusesNamesThatCannotBeUsed() {
		refused(split().into("full_name", "text", "full_name"), "\"full_name\" twice");
		refused(split().into("first_name", "text", "full_name"), "\"first_name\" twice");
		refused(split().into(" ", "text", "full_name"), "empty name");
		assertThatExceptionOfType(InvalidDeclarationException.class)
			.isThrownBy(() -> split().into("last_name", "text", "full_name").build().withId("No"));
	}

	@Test
	void refusesExpressionsThatCannotBeUsed() {
		refused(split().into("last_name", "text", "'none'"), "up of last_name", "names none of the columns");
		refused(split().into("last_name", "text", "(SELECT full_name)"), "up of last_name", "query");
		refused(split().into("last_name", "text; DROP", "full_name"), "type");
		refused(ChangeDeclaration.reshape("users")
			.from("full_name", "first_name")
			.into("first_name", "text", "full_name")
			.into("last_name", "text", "full_name"), "last_name", "would be lost");
		refused(ChangeDeclaration.reshape("users")
			.from("first_name", "split_part(full_name, ' ', 1)")
			.from("last_name", "split_part(full_name, ' ', 2)")
			.into("full_name", "text", "first_name"), "last_name", "would be lost");
	}

}
