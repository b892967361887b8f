package io.github.expandcontract.backfill;

import java.util.List;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.Conversion;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * A name that is split, names that are merged, and a column that replaces nothing.
 */
class SeveralColumnsIntegrationTests {

	private static final TableName PEOPLE = new TableName("public", "people");

	private static final RowChange SPLIT = ChangeDeclaration.reshape("people")
		.from("full_name", "nullif(concat_ws(' ', first_name, last_name), '')")
		.into("first_name", "text", "split_part(full_name, ' ', 1)")
		.into("last_name", "text", "substr(full_name, nullif(strpos(full_name, ' '), 0) + 1)")
		.build()
		.on(PEOPLE);

	private static final RowChange REGION = new AddColumn("people-region", PEOPLE, "region", "text",
			new Conversion("upper(country)", List.of("country"), List.of("upper(", ")")), null, "Person.region");

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private final Backfill backfill = Fixture.backfill(this.database.dataSource(), 3);

	@BeforeEach
	void table() {
		this.jdbc.execute("""
				CREATE TABLE people (id bigint PRIMARY KEY, full_name text, first_name text, last_name text,
				  country text, region text)
				""");
	}

	private List<String> names() {
		return this.jdbc.queryForList("""
				SELECT concat_ws('|', coalesce(full_name, '-'), coalesce(first_name, '-'), coalesce(last_name, '-'))
				FROM people ORDER BY id
				""", String.class);
	}

	@Test
	void fillsAllNewColumnsOfARowAndLeavesWhatAccountsForOld() {
		this.jdbc.execute("""
				INSERT INTO people VALUES (1, 'Ann Smith', NULL, NULL), (2, NULL, NULL, NULL), (3, 'Cher', NULL, NULL),
				(4, 'Mary Ann Smith', 'Mary Ann', 'Smith'),
				  (5, 'Bob Brown', 'Bob', NULL), (6, 'Eve', 'Adam', 'Eve'), (7, 'Jo', 'Jo', NULL)
				""");
		this.backfill.prepare(SPLIT);
		Fixture.finish(this.backfill, SPLIT);
		assertThat(names()).containsExactly("Ann Smith|Ann|Smith", "-|-|-", "Cher|Cher|-",
				"Mary Ann Smith|Mary Ann|Smith", "Bob Brown|Bob|Brown", "Eve|Eve|-", "Jo|Jo|-");
		assertThat(this.backfill.verify(SPLIT, Fixture.ALWAYS).clean()).isTrue();
		assertThat(this.backfill.progress(SPLIT).rowsCopied()).isEqualTo(4);
		this.jdbc.execute("UPDATE people SET last_name = 'Jones' WHERE id = 4");
		assertThat(this.backfill.verify(SPLIT, Fixture.ALWAYS).sample()).containsExactly("4");
	}

	@Test
	void refillsOldWhereAllOfItIsMissing() {
		RowChange merge = ChangeDeclaration.reshape("people")
			.from("first_name", "split_part(full_name, ' ', 1)")
			.from("last_name", "substr(full_name, nullif(strpos(full_name, ' '), 0) + 1)")
			.into("full_name", "text", "nullif(concat_ws(' ', first_name, last_name), '')")
			.build()
			.on(PEOPLE);
		this.jdbc.execute("""
				INSERT INTO people VALUES (1, 'Ann Smith', NULL, NULL), (2, NULL, NULL, NULL),
				  (3, 'Mary Ann Smith', 'Mary Ann', 'Smith'),
				  (4, 'A B', NULL, 'A B')
				""");
		this.backfill.reverse(merge, Fixture.ALWAYS);
		assertThat(this.backfill.reverseComplete(merge)).isTrue();
		assertThat(names()).containsExactly("Ann Smith|Ann|Smith", "-|-|-", "Mary Ann Smith|Mary Ann|Smith",
				"A B|-|A B");
	}

	@Test
	void examinesEveryExpressionThereAndBack() {
		RowChange strict = ChangeDeclaration.reshape("people")
			.from("full_name", "first_name || ' ' || last_name")
			.into("first_name", "text", "split_part(full_name, ' ', 1)")
			.into("last_name", "integer", "split_part(full_name, ' ', 2)::integer")
			.build()
			.on(PEOPLE);
		this.jdbc.execute("INSERT INTO people (id, full_name) VALUES (1, 'Ann 1'), (2, 'Bob 01')");
		assertThat(this.backfill.examine(strict, Fixture.ALWAYS)).hasValueSatisfying((examination) -> {
			assertThat(examination.lossy()).isOne();
			assertThat(examination.sample()).containsExactly("2");
		});
		this.jdbc.execute("INSERT INTO people (id, full_name) VALUES (3, 'Eve'), (4, 'Joe x')");
		assertThatExceptionOfType(UnconvertibleValuesException.class)
			.isThrownBy(() -> this.backfill.examine(strict, Fixture.ALWAYS))
			.withMessageContaining("values of 'full_name' cannot be converted")
			.satisfies((ex) -> assertThat(ex.getValues())
				.extracting(UnconvertibleValue::row, UnconvertibleValue::value, UnconvertibleValue::sqlState)
				.containsExactly(tuple("public.people 3", "Eve", "22P02"), tuple("public.people 4", "Joe x", "22P02")));
	}

	@Test
	void findsAnErrorInAnExpressionOnWhichTheComparisonDoesNotDepend() {
		RowChange merge = ChangeDeclaration.reshape("people")
			.from("first_name", "split_part(full_name, ' ', 1)")
			.from("last_name", "(split_part(full_name, ' ', 2)::integer)::text")
			.into("full_name", "text", "concat_ws(' ', upper(first_name), last_name)")
			.build()
			.on(PEOPLE);
		this.jdbc.execute("INSERT INTO people (id, first_name, last_name) VALUES (1, 'Ann', 'Smith')");
		assertThatExceptionOfType(UnconvertibleValuesException.class)
			.isThrownBy(() -> this.backfill.examine(merge, Fixture.ALWAYS))
			.withMessageContaining("values of 'first_name, last_name'")
			.withMessageContaining("holds '(Ann,Smith)'");
	}

	@Test
	void fillsWhatIsNullWhereNothingIsReplaced() {
		this.jdbc.execute("""
				INSERT INTO people (id, country, region) VALUES (1, 'de', NULL), (2, 'fr', 'other'), (3, 'it', NULL),
				  (4, 'es', NULL)
				""");
		assertThat(this.backfill.examine(REGION, Fixture.ALWAYS)).isPresent();
		this.backfill.prepare(REGION);
		Fixture.finish(this.backfill, REGION);
		assertThat(this.jdbc.queryForList("SELECT region FROM people ORDER BY id", String.class)).containsExactly("DE",
				"other", "IT", "ES");
		assertThat(this.backfill.verify(REGION, Fixture.ALWAYS).clean()).isTrue();
	}

	@Test
	void namesTheRowsForWhichThereIsNothingToFill() {
		this.jdbc.execute("INSERT INTO people (id, country) VALUES (1, 'de'), (2, NULL), (3, NULL)");
		assertThatExceptionOfType(UnconvertibleValuesException.class)
			.isThrownBy(() -> this.backfill.examine(REGION, Fixture.ALWAYS))
			.withMessageContaining("2 rows cannot be filled: public.people 2 holds 'null'")
			.satisfies((ex) -> assertThat(ex.getValues()).extracting(UnconvertibleValue::row)
				.containsExactly("public.people 2", "public.people 3"));
		this.backfill.prepare(REGION);
		Fixture.finish(this.backfill, REGION);
		assertThat(this.backfill.verify(REGION, Fixture.ALWAYS).sample()).containsExactly("2", "3");
	}

}
