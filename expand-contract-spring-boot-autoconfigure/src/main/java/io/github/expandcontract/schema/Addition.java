package io.github.expandcontract.schema;

import java.util.List;
import java.util.Optional;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.AddCheck;
import io.github.expandcontract.change.AddForeignKey;
import io.github.expandcontract.change.AddIndex;
import io.github.expandcontract.change.AddUnique;
import io.github.expandcontract.change.RequireNotNull;
import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.change.TableChangeVisitor;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.TableName;

/**
 * What a change adds to a table, and by which steps it comes and goes. There is one
 * implementation for each kind. All of them read the catalog and touch nothing; the steps
 * are run by {@link TableSteps}.
 */
sealed interface Addition permits IndexAddition, UniqueAddition, ForeignKeyAddition, CheckAddition, NotNullAddition {

	/**
	 * What a change adds: the one place that tells the kinds apart.
	 */
	static Addition of(TableChange change, Ddl ddl) {
		return change.accept(new TableChangeVisitor<Addition>() {

			@Override
			public Addition addForeignKey(AddForeignKey key) {
				return new ForeignKeyAddition(key, ddl);
			}

			@Override
			public Addition addIndex(AddIndex index) {
				return new IndexAddition(index, ddl);
			}

			@Override
			public Addition addUnique(AddUnique unique) {
				return new UniqueAddition(unique, ddl);
			}

			@Override
			public Addition addCheck(AddCheck check) {
				return new CheckAddition(check, ddl);
			}

			@Override
			public Addition requireNotNull(RequireNotNull required) {
				return new NotNullAddition(required);
			}

		});
	}

	/**
	 * Checks that it can be added to the table as it is.
	 * @throws UnsupportedChangeException if not, with the reason and the way out
	 */
	void check(JdbcOperations jdbc);

	/**
	 * How much of it is there by the catalog, whoever made it.
	 */
	Stage stage(JdbcOperations jdbc);

	/**
	 * What {@link #stage} will say when a stage has been reached: a later one, where the
	 * two look the same in the catalog.
	 */
	Stage shown(Stage reached);

	/**
	 * Whether what is there was made by this change.
	 */
	boolean isOurs(JdbcOperations jdbc);

	/**
	 * The steps that lead up to a stage from the one before it, less those that the
	 * catalog shows as done.
	 */
	List<StepGroup> up(JdbcOperations jdbc, Stage stage);

	/**
	 * The steps that lead back to a stage. Nothing goes that was there before.
	 * @param from where they begin
	 * @param stage one below
	 */
	List<StepGroup> down(JdbcOperations jdbc, Stage from, Stage stage);

	/**
	 * The names of indexes that a build may be at work on.
	 */
	default List<String> builds() {
		return List.of();
	}

	/**
	 * The tables that are locked when it comes or goes.
	 */
	List<TableName> locked();

	/**
	 * How to find the rows that stand against it, empty where no row can.
	 */
	Optional<BadRows> badRows(JdbcOperations jdbc);

	/**
	 * The first phase that does harm where such rows are there, or fails.
	 */
	Phase gate();

	/**
	 * The phase that the way back from CONTRACT leads to: the last one whose stage is
	 * there after the step.
	 */
	Phase returnsTo();

	/**
	 * What somebody has to know who looks at the change, in sentences.
	 */
	List<String> notes(JdbcOperations jdbc);

}
