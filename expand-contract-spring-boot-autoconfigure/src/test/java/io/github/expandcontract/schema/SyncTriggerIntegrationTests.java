package io.github.expandcontract.schema;

import java.util.List;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.Conversion;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * The trigger over sides of several columns. Over pairs it is tested with the steps.
 */
class SyncTriggerIntegrationTests {

	private static final TableName PEOPLE = new TableName("public", "people");

	private static final String FULL = "nullif(concat_ws(' ', first_name, last_name), '')";

	private static final String FIRST = "split_part(full_name, ' ', 1)";

	private static final String LAST = "substr(full_name, nullif(strpos(full_name, ' '), 0) + 1)";

	private static final RowChange SPLIT = ChangeDeclaration.reshape("people")
		.from("full_name", FULL)
		.into("first_name", "text", FIRST)
		.into("last_name", "text", LAST)
		.build()
		.on(PEOPLE);

	private static final RowChange MERGE = ChangeDeclaration.reshape("people")
		.from("first_name", FIRST)
		.from("last_name", LAST)
		.into("full_name", "text", FULL)
		.build()
		.on(PEOPLE);

	private static final String PAIR = """
			DROP TRIGGER IF EXISTS "zzz_expand_contract_ins_handle_7152a9ad30" ON "public"."users";
			DROP TRIGGER IF EXISTS "zzz_expand_contract_upd_handle_7152a9ad30" ON "public"."users";
			DROP FUNCTION IF EXISTS expand_contract."sync_users_handle_7152a9ad30"();
			CREATE FUNCTION expand_contract."sync_users_handle_7152a9ad30"() RETURNS trigger LANGUAGE plpgsql SET search_path = "public" AS $expand_contract$
			BEGIN
			  IF pg_catalog.current_setting('expand_contract.sync', true) = 'off' THEN
			    RETURN NEW;
			  END IF;
			  IF TG_OP = 'INSERT' THEN
			    IF NEW."handle" IS NOT DISTINCT FROM NULL THEN
			      NEW."handle" := NEW."username";
			    ELSE
			      NEW."username" := NEW."handle";
			    END IF;
			  ELSIF ROW(OLD."username")::record OPERATOR(pg_catalog.*<>) ROW(NEW."username")::record THEN
			    IF NOT (ROW(OLD."handle")::record OPERATOR(pg_catalog.*<>) ROW(NEW."handle")::record) THEN
			      NEW."handle" := NEW."username";
			    END IF;
			  ELSIF ROW(OLD."handle")::record OPERATOR(pg_catalog.*<>) ROW(NEW."handle")::record THEN
			    NEW."username" := NEW."handle";
			  END IF;
			  RETURN NEW;
			END
			$expand_contract$;
			CREATE TRIGGER "zzz_expand_contract_ins_handle_7152a9ad30" BEFORE INSERT ON "public"."users" FOR EACH ROW EXECUTE FUNCTION expand_contract."sync_users_handle_7152a9ad30"();
			CREATE TRIGGER "zzz_expand_contract_upd_handle_7152a9ad30" BEFORE UPDATE ON "public"."users" FOR EACH ROW WHEN (ROW(OLD."username")::record OPERATOR(pg_catalog.*<>) ROW(NEW."username")::record OR ROW(OLD."handle")::record OPERATOR(pg_catalog.*<>) ROW(NEW."handle")::record) EXECUTE FUNCTION expand_contract."sync_users_handle_7152a9ad30"();
			""";

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private void table(String... rows) {
		this.jdbc.execute(
				"""
						CREATE SCHEMA expand_contract;
						CREATE TABLE people (id bigint GENERATED ALWAYS AS IDENTITY, full_name text, first_name text, last_name text)
						""");
		for (String row : rows) {
			this.jdbc.execute("INSERT INTO people (full_name, first_name, last_name) VALUES (" + row + ")");
		}
	}

	private void trigger(RowChange change) {
		ColumnSteps.run(this.jdbc, new SyncTrigger(change).create(List.of("public")));
		assertThat(new SyncTrigger(change).exists(this.jdbc)).isTrue();
		assertThat(new SyncTrigger(change).convertsOtherwise(this.jdbc)).isFalse();
	}

	private List<String> names() {
		return this.jdbc.queryForList("""
				SELECT concat_ws('|', coalesce(full_name, '-'), coalesce(first_name, '-'), coalesce(last_name, '-'))
				FROM people ORDER BY id
				""", String.class);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			(full_name) VALUES ('Ann Smith');                                              Ann Smith|Ann|Smith
			(full_name) VALUES ('Cher');                                                   Cher|Cher|-
			(first_name, last_name) VALUES ('Mary Ann', 'Smith');                          Mary Ann Smith|Mary Ann|Smith
			(last_name) VALUES ('Smith');                                                  Smith|-|Smith
			(full_name, first_name) VALUES ('Ann Smith', 'Ann');                           Ann|Ann|-
			DEFAULT VALUES;                                                                -|-|-
			""")
	void derivesWhatAnInsertLeavesOut(String sql, String expected) {
		table();
		trigger(SPLIT);
		this.jdbc.execute("INSERT INTO people " + sql);
		assertThat(names()).containsExactly(expected);
	}

	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			full_name = 'Bob Brown';                                             Bob Brown|Bob|Brown
			first_name = 'Mary Ann';                                             Mary Ann Smith|Mary Ann|Smith
			last_name = NULL;                                                    Ann|Ann|-
			first_name = NULL, last_name = NULL;                                 -|-|-
			full_name = NULL;                                                    -|-|-
			full_name = 'Bob', first_name = 'Anna';                              Bob|Anna|Smith
			id = DEFAULT;                                                        Ann Smith|Ann|Smith
			""")
	void derivesTheSideThatDidNotChange(String assignment, String expected) {
		table();
		trigger(SPLIT);
		this.jdbc.execute("INSERT INTO people (full_name) VALUES ('Ann Smith')");
		this.jdbc.execute("UPDATE people SET " + assignment);
		assertThat(names()).containsExactly(expected);
	}

	/**
	 * A row that the backfill has not met yet: what nobody writes of new is in old alone.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			first_name = 'Mary Ann';                                              Mary Ann Smith|Mary Ann|Smith
			last_name = 'van Dyk';                                                Ann van Dyk|Ann|van Dyk
			first_name = 'Mary Ann', full_name = 'Mary Ann Smith';                Mary Ann Smith|Mary Ann|Smith
			first_name = 'Mary', last_name = NULL, full_name = 'Mary';            Mary|Mary|-
			first_name = 'Mary', last_name = 'Smith', full_name = 'Mary Smith';   Mary Smith|Mary|Smith
			full_name = 'Bob Brown';                                              Bob Brown|Bob|Brown
			id = DEFAULT;                                                         Ann Smith|-|-
			""")
	void aPartOfNewThatIsWrittenDoesNotCutOffTheRestOfOld(String assignment, String expected) {
		table("'Ann Smith', NULL, NULL");
		trigger(SPLIT);
		this.jdbc.execute("UPDATE people SET " + assignment);
		assertThat(names()).containsExactly(expected);
	}

	/**
	 * A row of old columns that were added again and not refilled yet.
	 */
	@ParameterizedTest
	@CsvSource(delimiter = ';', textBlock = """
			first_name = 'Mary Ann';                                              Mary Ann Smith|Mary Ann|Smith
			first_name = 'Bob', last_name = NULL, full_name = 'Bob';              Bob|Bob|-
			full_name = 'Cher';                                                   Cher|Cher|-
			full_name = NULL;                                                     -|-|-
			""")
	void aPartOfOldThatIsWrittenDoesNotCutOffTheRestOfNew(String assignment, String expected) {
		table("'Ann Smith', NULL, NULL");
		trigger(MERGE);
		this.jdbc.execute("UPDATE people SET " + assignment);
		assertThat(names()).containsExactly(expected);
	}

	@Test
	void whatOneStatementNamesIsNotTakenForWhatTheNextOneNames() {
		table("'Ann Smith', NULL, NULL", "'Bob Brown', NULL, NULL", "NULL, NULL, NULL");
		trigger(SPLIT);
		this.jdbc.execute("""
				BEGIN;
				UPDATE people SET last_name = NULL WHERE id IN (1, 3);
				UPDATE people SET first_name = 'Rob' WHERE id = 2;
				COMMIT
				""");
		assertThat(names()).containsExactly("Ann|Ann|-", "Rob Brown|Rob|Brown", "-|-|-");
	}

	@Test
	void mergesWhatIsWrittenToOneOfTheOldColumns() {
		table();
		trigger(MERGE);
		this.jdbc.execute("INSERT INTO people (first_name, last_name) VALUES ('Ann', 'Smith')");
		this.jdbc.execute("UPDATE people SET last_name = 'Brown'");
		assertThat(names()).containsExactly("Ann Brown|Ann|Brown");
	}

	@Test
	void isSilentForTheBackfill() {
		table("'Ann Smith', NULL, NULL");
		trigger(SPLIT);
		this.jdbc.execute(
				"SET expand_contract.sync = 'off'; UPDATE people SET first_name = 'x'; RESET expand_contract.sync");
		assertThat(names()).containsExactly("Ann Smith|x|-");
	}

	@Test
	void tellsOtherExpressionsFromItsOwn() {
		table();
		trigger(SPLIT);
		RowChange other = ChangeDeclaration.reshape("people")
			.from("full_name", FULL)
			.into("first_name", "text", FIRST)
			.into("last_name", "text", "split_part(full_name, ' ', 2)")
			.build()
			.on(PEOPLE);
		assertThat(new SyncTrigger(other).convertsOtherwise(this.jdbc)).isTrue();
		ColumnSteps.run(this.jdbc, new SyncTrigger(SPLIT).drop());
		assertThat(new SyncTrigger(SPLIT).exists(this.jdbc)).isFalse();
		assertThat(new SyncTrigger(other).convertsOtherwise(this.jdbc)).isFalse();
	}

	@Test
	void fillsOnInsertAloneWhereNothingIsReplaced() {
		table();
		RowChange change = new AddColumn("people-last-name", PEOPLE, "last_name", "text",
				new Conversion("upper(full_name)", List.of("full_name"), List.of("upper(", ")")), null,
				"Person.lastName");
		trigger(change);
		this.jdbc.execute("""
				INSERT INTO people (full_name, last_name) VALUES ('ann', NULL), ('bob', 'b');
				UPDATE people SET last_name = NULL, full_name = 'bo' WHERE full_name = 'bob'
				""");
		assertThat(names()).containsExactly("ann|-|ANN", "bo|-|-");
		ColumnSteps.run(this.jdbc, new SyncTrigger(change).drop());
		assertThat(new SyncTrigger(change).exists(this.jdbc)).isFalse();
	}

	/**
	 * Databases that are under way hold this text, and it is compared.
	 */
	@Test
	void theTextForAPairStaysWhatItWas() {
		String text = new SyncTrigger(
				new RenameColumn("users-handle", new TableName("public", "users"), "username", "handle", "User.handle"))
			.create(List.of("public"))
			.stream()
			.map(Step::sql)
			.reduce("", (all, sql) -> all + sql + ";\n");
		assertThat(text).isEqualTo(PAIR);
	}

}
