package io.github.expandcontract.backfill;

import java.util.Optional;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import org.springframework.jdbc.core.JdbcTemplate;

import io.github.expandcontract.change.ChangeTypeDeclaration;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.tuple;

/**
 * Texts that are to become numbers.
 */
class ExaminerIntegrationTests {

	private static final int ROWS = 5_000;

	private final TestDatabase database = TestDatabase.create();

	private final JdbcTemplate jdbc = this.database.jdbc();

	private final Backfill backfill = Fixture.backfill(this.database.dataSource(), 100);

	private final ChangeTypeDeclaration declaration = new ChangeTypeDeclaration("codes", null, "codes", "code",
			"number", "integer", "code::int", "number::text", false, "Code.number");

	private final ColumnChange change = this.declaration.on(new TableName("public", "codes"));

	@BeforeEach
	void table() {
		this.jdbc.execute("CREATE TABLE codes (id bigint PRIMARY KEY, code text, number integer)");
		this.jdbc.update("INSERT INTO codes SELECT i, i::text FROM generate_series(1, ?) i", ROWS);
	}

	private Optional<Examination> examine(ColumnChange examined) {
		return this.backfill.examine(examined, Fixture.ALWAYS);
	}

	@Test
	void findsNothingWhereAllIsWell() {
		this.jdbc.execute("INSERT INTO codes VALUES (0, NULL)");
		assertThat(examine(this.change)).hasValueSatisfying((examination) -> {
			assertThat(examination.rows()).isEqualTo(ROWS + 1);
			assertThat(examination.lossy()).isZero();
		});
		assertThat(this.backfill.lastExamination(this.change)).isPresent();
		assertThat(examine(Fixture.USERS)).isEmpty();
	}

	@Test
	void listsTheValuesThatCannotBeConvertedByTheirKeys() {
		this.jdbc.execute("UPDATE codes SET code = 'none' WHERE id = 7");
		this.jdbc.execute("UPDATE codes SET code = '99999999999' WHERE id = 4998");
		this.jdbc.execute("UPDATE codes SET code = '' WHERE id = 2500");
		assertThatExceptionOfType(UnconvertibleValuesException.class).isThrownBy(() -> examine(this.change))
			.satisfies((ex) -> {
				assertThat(ex.getValues())
					.extracting(UnconvertibleValue::row, UnconvertibleValue::value, UnconvertibleValue::sqlState)
					.containsExactlyInAnyOrder(tuple("public.codes 7", "none", "22P02"),
							tuple("public.codes 4998", "99999999999", "22003"),
							tuple("public.codes 2500", "", "22P02"));
				assertThat(ex).hasMessageContaining("public.codes 7 holds 'none'");
			});
		assertThat(this.backfill.lastExamination(this.change)).isEmpty();
	}

	@Test
	void listsNoMoreThanTwenty() {
		this.jdbc.execute("UPDATE codes SET code = 'x' || id");
		assertThatExceptionOfType(UnconvertibleValuesException.class).isThrownBy(() -> examine(this.change))
			.satisfies((ex) -> assertThat(ex.getValues()).hasSize(20))
			.withMessageContaining("at least 20");
	}

	@Test
	void countsWhatDownDoesNotGiveBack() {
		this.jdbc.execute("UPDATE codes SET code = '0' || code WHERE id IN (5, 4000)");
		assertThat(examine(this.change)).hasValueSatisfying((examination) -> {
			assertThat(examination.lossy()).isEqualTo(2);
			assertThat(examination.sample()).containsExactlyInAnyOrder("5", "4000");
		});
	}

	@Test
	void holdsAPromiseOfNoLossToTheRows() {
		ChangeTypeDeclaration halves = new ChangeTypeDeclaration("codes", null, "codes", "code", "number", "integer",
				"code::int", "((number / 2) * 2)::text", false, "Code.number");
		assertThatExceptionOfType(BackfillException.class)
			.isThrownBy(() -> examine(halves.withoutLoss().on(new TableName("public", "codes"))))
			.withMessageContaining("lossless")
			.withMessageContaining("codes");
	}

	@Test
	void nothingThatWasWrittenToNewIsOverwrittenWithWhatOldKeptOfIt() {
		ColumnChange cents = new ChangeTypeDeclaration("cents", null, "cents", "price", "price_decimal", "numeric",
				"price / 100.0", "round(price_decimal * 100)::int", false, "Product.price")
			.on(new TableName("public", "cents"));
		this.jdbc.execute("""
				CREATE TABLE cents (id bigint PRIMARY KEY, price int, price_decimal numeric);
				INSERT INTO cents VALUES (1, 1234, 12.344), (2, 1234, NULL), (3, 1234, 99), (4, NULL, NULL)
				""");
		this.backfill.prepare(cents);
		Fixture.finish(this.backfill, cents);
		assertThat(
				this.jdbc.queryForList("SELECT trim_scale(price_decimal)::text FROM cents ORDER BY id", String.class))
			.containsExactly("12.344", "12.34", "12.34", null);
		assertThat(this.backfill.verify(cents, Fixture.ALWAYS).mismatches()).isZero();
	}

	@Test
	void refillsOldAndLeavesWhatOthersWroteToIt() {
		this.jdbc.execute("UPDATE codes SET number = code::int, code = NULL");
		this.jdbc.execute("UPDATE codes SET code = '007', number = 7 WHERE id = 7");
		this.backfill.reverse(this.change, Fixture.ALWAYS);
		assertThat(this.backfill.reverseComplete(this.change)).isTrue();
		assertThat(this.jdbc.queryForList("SELECT id FROM codes WHERE code IS DISTINCT FROM id::text", Long.class))
			.containsExactly(7L);
		assertThat(this.jdbc.queryForObject("SELECT code FROM codes WHERE id = 7", String.class)).isEqualTo("007");
	}

}
