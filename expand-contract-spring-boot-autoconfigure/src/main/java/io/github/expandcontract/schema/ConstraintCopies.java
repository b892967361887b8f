package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

import org.jspecify.annotations.Nullable;

import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.Lexer;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * Copies on new of the checks, foreign keys and exclusions that old has.
 * <ol>
 * <li>A check has {@code down(new)} where it had old, so that it says the same; a foreign
 * key has new; an exclusion has new where it compares, and {@code down(new)} where it
 * computes.</li>
 * <li>Each is tried on an empty clone. One that cannot stand there is refused at EXPAND,
 * and later blocks CONTRACT.</li>
 * <li>At EXPAND the rows are asked whether one of them would violate it.</li>
 * </ol>
 */
final class ConstraintCopies {

	private final Ddl ddl;

	private final Map<Described, List<ConstraintCopy>> described = new ConcurrentHashMap<>();

	ConstraintCopies(Ddl ddl) {
		this.ddl = ddl;
	}

	List<ConstraintCopy> of(ColumnChange change) {
		List<OriginalConstraint> originals = OriginalConstraint.all(this.ddl.jdbc(), change);
		return originals.isEmpty() ? List.of()
				: this.described.computeIfAbsent(new Described(change, originals), this::describe);
	}

	/**
	 * Checks that each of them can stand on new, as long as nothing has been touched.
	 */
	void check(ColumnChange change) {
		for (ConstraintCopy copy : of(change)) {
			if (!copy.carried()) {
				throw new UnsupportedChangeException(change,
						"the constraint \"" + copy.original().name() + "\" (" + copy.original().definition()
								+ ") cannot be put on the new column: " + copy.problem() + ".",
						"Drop it if the table can do without it, and create on \"" + change.newColumn()
								+ "\" what is needed there.");
			}
		}
	}

	/**
	 * Looks for rows that a copy would refuse.
	 * @throws UnsupportedChangeException if there are any, with their keys
	 */
	void examine(ColumnChange change) {
		of(change).forEach((copy) -> require(change, copy, null));
	}

	List<Step> prepareSteps(JdbcOperations jdbc, ColumnChange change) {
		return of(change).stream().flatMap((copy) -> copy.prepareSteps(jdbc, change).stream()).toList();
	}

	List<Step> contractSteps(ColumnChange change) {
		return of(change).stream()
			.filter(ConstraintCopy::carried)
			.flatMap((copy) -> copy.contractSteps(change).stream())
			.toList();
	}

	/**
	 * Takes back what some row violates, and says which.
	 * @throws UnsupportedChangeException if there is such a row
	 */
	void violated(ColumnChange change, DataAccessException failure) {
		for (ConstraintCopy copy : of(change)) {
			copy.takeBack(this.ddl.jdbc(), change).ifPresent((step) -> {
				this.ddl.inTransaction(step.purpose(), (jdbc) -> {
					jdbc.execute(step.sql());
					return step;
				});
				require(change, copy, failure);
			});
		}
	}

	private void require(ColumnChange change, ConstraintCopy copy, @Nullable Throwable cause) {
		String offending = copy.offending();
		if (offending == null || !copy.original().validated()) {
			return;
		}
		List<String> rows = new Offenders(this.ddl.jdbc(), change).where(offending);
		if (!rows.isEmpty()) {
			throw new UnsupportedChangeException(change,
					"\"" + change.newColumn() + "\" would violate what \"" + copy.original().name() + "\" says of \""
							+ change.oldColumn() + "\" (" + copy.definition() + "), for example in the row "
							+ String.join("; ", rows) + ".",
					"Mend those rows, or drop the constraint if the table can do without it.", cause);
		}
	}

	private List<ConstraintCopy> describe(Described key) {
		ColumnChange change = key.change();
		return Scratch.use(this.ddl, "describe the copies of constraints for " + change.id(), (jdbc) -> {
			CloneTable clone = new CloneTable(jdbc, change);
			List<OriginalConstraint> originals = key.originals();
			for (OriginalConstraint original : originals) {
				if (original.isExclusion()) {
					jdbc.execute("ALTER TABLE " + clone.name() + " ADD CONSTRAINT " + Identifiers.quote(original.name())
							+ " " + original.definition());
				}
			}
			clone.markOld();
			List<String> definitions = originals.stream()
				.map((original) -> definition(jdbc, change, clone, original))
				.toList();
			for (OriginalConstraint original : originals) {
				jdbc.execute("ALTER TABLE " + clone.name() + " DROP CONSTRAINT IF EXISTS "
						+ Identifiers.quote(original.name()));
			}
			clone.addNew();
			List<ConstraintCopy> copies = new ArrayList<>();
			for (int i = 0; i < originals.size(); i++) {
				copies.add(copy(jdbc, change, clone, originals.get(i), definitions.get(i)));
			}
			return copies;
		});
	}

	private static String definition(JdbcOperations jdbc, ColumnChange change, CloneTable clone,
			OriginalConstraint original) {
		if (original.isForeignKey()) {
			return ForeignKeyText.of(original.definition(), change).definition();
		}
		String marked = Objects.requireNonNull(jdbc.queryForObject("""
				SELECT pg_catalog.pg_get_constraintdef(oid) FROM pg_catalog.pg_constraint
				WHERE conrelid = ?::regclass AND conname = ?
				""", String.class, clone.name(), original.name()));
		return original.isCheck() ? new Substitution(change).expression(marked)
				: new Substitution(change).index(marked);
	}

	private static ConstraintCopy copy(JdbcOperations jdbc, ColumnChange change, CloneTable clone,
			OriginalConstraint original, String definition) {
		String problem = original.problem();
		if (problem == null) {
			problem = attempt(jdbc,
					() -> "ALTER TABLE " + clone.name() + " ADD CONSTRAINT expand_contract_try "
							+ (original.isForeignKey() ? tried(jdbc, ForeignKeyText.of(original.definition(), change))
									: definition));
		}
		String offending = null;
		if (problem == null && original.isCheck()) {
			offending = "NOT " + bracket(definition);
		}
		else if (problem == null && original.isForeignKey()) {
			offending = ForeignKeyText.of(original.definition(), change).orphaned("expand_contract_rows");
		}
		return ConstraintCopy.of(original, change, definition, offending, problem);
	}

	/**
	 * The foreign key, to an empty table with the columns that it refers to.
	 */
	private static String tried(JdbcOperations jdbc, ForeignKeyText key) {
		String table = OwnSchema.NAME + ".expand_contract_referenced";
		String columns = String.join(", ", key.referencedColumns());
		jdbc.execute("CREATE TABLE " + table + " AS SELECT " + columns + " FROM " + key.referenced() + " WITH NO DATA");
		jdbc.execute("ALTER TABLE " + table + " ADD UNIQUE (" + columns + ")");
		return key.to(table);
	}

	private static @Nullable String attempt(JdbcOperations jdbc, Supplier<String> sql) {
		jdbc.execute("SAVEPOINT attempt");
		try {
			jdbc.execute(sql.get());
			return null;
		}
		catch (DataAccessException ex) {
			return String.valueOf(ex.getMostSpecificCause().getMessage()).lines().findFirst().orElse("no reason given");
		}
		finally {
			jdbc.execute("ROLLBACK TO SAVEPOINT attempt");
		}
	}

	private static String bracket(String definition) {
		Tokens tokens = Lexer.tokens(definition);
		for (int i = 0; i < tokens.size(); i++) {
			if (tokens.get(i).is(TokenKind.OPEN)) {
				return definition.substring(tokens.get(i).start(), tokens.get(tokens.match(i)).end());
			}
		}
		throw new IllegalStateException("Unknown form of a check: " + definition);
	}

	private record Described(ColumnChange change, List<OriginalConstraint> originals) {

	}

}
