package io.github.expandcontract.schema;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.jdbc.core.JdbcOperations;

import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.change.Suggestions;
import io.github.expandcontract.postgres.Catalog;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.postgres.TableName;

/**
 * What must be so before a change touches anything. Reads only.
 */
final class ColumnCheck {

	private static final Set<String> SYSTEM_COLUMNS = Set.of("tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

	private final JdbcOperations jdbc;

	private final SyncMode sync;

	ColumnCheck(JdbcOperations jdbc, SyncMode sync) {
		this.jdbc = jdbc;
		this.sync = sync;
	}

	void check(ColumnChange change) {
		checkNames(change);
		Table table = table(change);
		Column original = table.column(change.oldColumn()).orElse(null);
		Column copy = table.column(change.newColumn()).orElse(null);
		if (ColumnSteps.inspect(this.jdbc, change) == Situation.NEW_ONLY) {
			return;
		}
		if (original == null) {
			throw unknownColumn(change, table, change.oldColumn());
		}
		checkTable(change, table);
		new OriginalCheck(this.jdbc, table, original).check(change);
		if (copy != null) {
			checkCopy(change, original, copy);
		}
		change.fold((rename) -> {
			if (!this.sync.hasTrigger()) {
				checkApplication(rename, original, copy == null);
			}
			return rename;
		}, (type) -> {
			checkType(type, original);
			if (copy == null) {
				checkConstraints(type, table);
			}
			return type;
		});
	}

	static void checkNames(ColumnChange change) {
		checkName(change, change.oldColumn());
		checkName(change, change.newColumn());
		if (change.oldColumn().equals(change.newColumn())) {
			throw new UnsupportedChangeException(change, "the old and the new name are the same.",
					"Name two different columns.");
		}
	}

	static void checkName(Change change, String name) {
		if (SYSTEM_COLUMNS.contains(name)) {
			throw new UnsupportedChangeException(change, "\"" + name + "\" is a system column of every table.",
					"Choose another name.");
		}
		if (name.isEmpty() || name.getBytes(StandardCharsets.UTF_8).length > 63) {
			throw new UnsupportedChangeException(change,
					"the column name \"" + name + "\" is empty or longer than PostgreSQL's 63 bytes.",
					"Choose a name of 1 to 63 bytes.");
		}
	}

	Table table(Change change) {
		Catalog catalog = new Catalog(this.jdbc);
		return catalog.table(change.table()).orElseThrow(() -> {
			if (catalog.resolve(change.table().schema(), change.table().name()).isPresent()) {
				return new UnknownTableException(change, change.table().quoted() + " is not a table but a view.",
						"Name the table that holds the column.");
			}
			return new UnknownTableException(change, "the table " + change.table().quoted() + " does not exist.",
					"Create it in a migration that runs before, or correct the table's name or schema.");
		});
	}

	static UnknownColumnException unknownColumn(Change change, Table table, String column) {
		List<String> names = table.columns().stream().map(Column::name).toList();
		Optional<String> nearest = Suggestions.nearest(column, names, (name) -> name).stream().findFirst();
		return new UnknownColumnException(change,
				"the table " + change.table().quoted() + " has no column \"" + column + "\"; it has "
						+ String.join(", ", names.stream().map(Identifiers::quote).toList()) + ".",
				nearest.map((name) -> "Did you mean \"" + name + "\"?").orElse("Correct the column's name."));
	}

	void checkTable(Change change, Table table) {
		this.jdbc.query("""
				SELECT CASE
				  WHEN c.relpersistence = 't' THEN 'the table is temporary.'
				  WHEN c.reloftype <> 0 THEN 'the table is made of a composite type, which fixes its columns.'
				  WHEN c.relispartition THEN 'the table is a partition; its columns are those of the partitioned table.'
				  WHEN EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhrelid = c.oid)
				    THEN 'the table inherits columns from another one.'
				  WHEN c.relkind = 'r' AND EXISTS (SELECT FROM pg_catalog.pg_inherits WHERE inhparent = c.oid)
				    THEN 'other tables inherit from the table, and triggers are not inherited.' END
				FROM pg_catalog.pg_class c WHERE c.oid = ?::oid
				""", (row, number) -> Optional.ofNullable(row.getString(1)), table.oid())
			.stream()
			.flatMap(Optional::stream)
			.findFirst()
			.ifPresent((reason) -> {
				throw new UnsupportedChangeException(change, reason,
						"Declare the change on an ordinary or partitioned table that stands for itself.");
			});
	}

	private void checkCopy(ColumnChange change, Column original, Column copy) {
		if (!Marker.marks(comment(this.jdbc, change.table(), copy.name()), change)) {
			throw foreign(change);
		}
		// What another type has to be, the server is asked by ConversionCheck
		boolean same = change.fold((rename) -> ColumnSteps.type(original).equals(ColumnSteps.type(copy)),
				(type) -> true);
		if (!same) {
			throw new UnsupportedChangeException(change,
					"\"" + copy.name() + "\" is of type " + ColumnSteps.type(copy) + ", but \"" + original.name()
							+ "\" of type " + ColumnSteps.type(original) + ".",
					"Give both columns the same type, or drop \"" + copy.name() + "\" to have it made again.");
		}
	}

	static ForeignColumnException foreign(ColumnChange change) {
		return new ForeignColumnException(change,
				"the column \"" + change.newColumn() + "\" exists already and is not the copy that this change made.",
				KeptName.isKept(change) ? "Rename it, or drop it if nobody needs it."
						: "Choose another name, or drop the column if nobody needs it.");
	}

	/*
	 * Without a trigger the original is dropped in the end, and with it all that hangs on
	 * it and cannot be given to the copy. What others put on it once the change is under
	 * way blocks CONTRACT instead.
	 */
	private void checkApplication(ColumnChange change, Column original, boolean untouched) {
		if (original.defaultVolatile()) {
			throw lost(change, "its volatile default");
		}
		Unique.of(this.jdbc, change.table(), original.name()).ifPresent((definition) -> {
			throw lost(change, definition);
		});
		if (!untouched) {
			return;
		}
		Set<ObjectId> indexes = OriginalIndex.all(this.jdbc, change)
			.stream()
			.map(OriginalIndex::id)
			.collect(Collectors.toSet());
		Losses.of(this.jdbc, change, indexes).stream().findFirst().ifPresent((object) -> {
			throw lost(change, object);
		});
	}

	private void checkType(ChangeType change, Column original) {
		if (!this.sync.hasTrigger() && !change.lossless()) {
			throw new UnsupportedChangeException(change,
					"with sync 'application' nothing keeps \"" + change.newColumn()
							+ "\" in step with what others write, so it would be read from \"" + change.oldColumn()
							+ "\", which does not hold all that was written to it.",
					"Set 'expand-contract.sync' to 'both', or declare the change lossless if up(down(value)) is the "
							+ "value again for all that the new column can hold.");
		}
		if (original.defaultVolatile()) {
			throw new UnsupportedChangeException(change,
					"\"" + original.name() + "\" has a volatile default, which "
							+ "would give the two columns different values.",
					"Drop the default, and let the application give the value.");
		}
	}

	/*
	 * What is put on old by others once the change is under way blocks CONTRACT instead,
	 * so that no instance fails to start for it.
	 */
	private void checkConstraints(ChangeType change, Table table) {
		this.jdbc.queryForList("""
				SELECT pg_catalog.quote_ident(c.conname) || ' of ' || c.conrelid::regclass || ' ('
				  || pg_catalog.pg_get_constraintdef(c.oid) || ')'
				FROM pg_catalog.pg_constraint c
				JOIN pg_catalog.pg_attribute a ON a.attrelid = c.confrelid AND a.attname = ?
				WHERE c.contype = 'f' AND c.confrelid = ?::oid AND a.attnum = ANY (c.confkey) AND c.conparentid = 0
				ORDER BY 1
				""", String.class, change.oldColumn(), table.oid()).stream().findFirst().ifPresent((foreignKey) -> {
			throw new UnsupportedChangeException(change,
					"a foreign key refers to \"" + change.oldColumn() + "\", and its own column does not change: "
							+ foreignKey + ".",
					"Drop the foreign key, take both columns through a change, and create it on the new ones after "
							+ "CONTRACT.");
		});
		Unique.of(this.jdbc, change.table(), change.oldColumn()).ifPresent((definition) -> {
			if (!this.sync.hasTrigger()) {
				throw unguarded(change, definition);
			}
			if (table.partitioned()) {
				throw new UnsupportedChangeException(change,
						"\"" + change.oldColumn() + "\" is unique in a partitioned table, where a unique index cannot "
								+ "be prepared beside it: " + definition + ".",
						"Drop it first if the table can do without it, and create it on \"" + change.newColumn()
								+ "\" after CONTRACT.");
			}
		});
		if (!this.sync.hasTrigger()) {
			OriginalConstraint.all(this.jdbc, change).stream().findFirst().ifPresent((constraint) -> {
				throw unguarded(change, constraint.name() + " " + constraint.definition());
			});
		}
	}

	/*
	 * From STOP_DUAL_WRITE on nothing writes old any more, and new has it only at
	 * CONTRACT.
	 */
	private static UnsupportedChangeException unguarded(ChangeType change, String definition) {
		return new UnsupportedChangeException(change,
				"with sync 'application' nothing would enforce this in the phase STOP_DUAL_WRITE: " + definition + ".",
				"Set 'expand-contract.sync' to 'both'.");
	}

	private static UnsupportedChangeException lost(ColumnChange change, String object) {
		return new UnsupportedChangeException(change,
				"with sync 'application' the column \"" + change.oldColumn()
						+ "\" is dropped at CONTRACT, and this would be lost with it: " + object + ".",
				"Set 'expand-contract.sync' to 'both', which keeps the original column and all that hangs on it.");
	}

	static @Nullable String comment(JdbcOperations jdbc, TableName table, String column) {
		return jdbc.query("""
				SELECT pg_catalog.col_description(a.attrelid, a.attnum) FROM pg_catalog.pg_attribute a
				WHERE a.attrelid = pg_catalog.to_regclass(?) AND a.attname = ? AND NOT a.attisdropped
				""", (row, number) -> Optional.ofNullable(row.getString(1)), table.quoted(), column)
			.stream()
			.flatMap(Optional::stream)
			.findFirst()
			.orElse(null);
	}

}
