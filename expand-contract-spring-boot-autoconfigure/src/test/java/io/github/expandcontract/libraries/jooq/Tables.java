package io.github.expandcontract.libraries.jooq;

import org.jooq.Identity;
import org.jooq.Name;
import org.jooq.Record;
import org.jooq.Schema;
import org.jooq.TableField;
import org.jooq.UniqueKey;
import org.jooq.impl.DSL;
import org.jooq.impl.Internal;
import org.jooq.impl.SQLDataType;
import org.jooq.impl.SchemaImpl;
import org.jooq.impl.TableImpl;
import org.jooq.impl.UpdatableRecordImpl;

/**
 * What jOOQ's code generator writes of the final schema, as far as it is used.
 */
final class Tables {

	static final Schema PUBLIC = new SchemaImpl(DSL.name("public"));

	static final AccountTable ACCOUNT = new AccountTable(DSL.name("account"), null);

	static final BadgeTable BADGE = new BadgeTable();

	private Tables() {
	}

	static final class AccountTable extends TableImpl<AccountRecord> {

		final TableField<AccountRecord, Long> id = createField(DSL.name("id"),
				SQLDataType.BIGINT.nullable(false).identity(true), this, "");

		final TableField<AccountRecord, String> handle = createField(DSL.name("handle"), SQLDataType.VARCHAR(100), this,
				"");

		final TableField<AccountRecord, String> email = createField(DSL.name("email"), SQLDataType.VARCHAR(200), this,
				"");

		final TableField<AccountRecord, Integer> version = createField(DSL.name("version"),
				SQLDataType.INTEGER.nullable(false).defaultValue(DSL.inline("0", SQLDataType.INTEGER)), this, "");

		private AccountTable(Name alias, AccountTable aliased) {
			super(alias, PUBLIC, aliased);
		}

		@Override
		public Class<AccountRecord> getRecordType() {
			return AccountRecord.class;
		}

		@Override
		public Identity<AccountRecord, Long> getIdentity() {
			return Internal.createIdentity(this, this.id);
		}

		@Override
		public UniqueKey<AccountRecord> getPrimaryKey() {
			return Internal.createUniqueKey(this, DSL.name("account_pkey"), this.id);
		}

		@Override
		public TableField<AccountRecord, Integer> getRecordVersion() {
			return this.version;
		}

		@Override
		public AccountTable as(String alias) {
			return new AccountTable(DSL.name(alias), this);
		}

	}

	static final class AccountRecord extends UpdatableRecordImpl<AccountRecord> {

		AccountRecord() {
			super(ACCOUNT);
		}

	}

	static final class BadgeTable extends TableImpl<Record> {

		final TableField<Record, Long> account = createField(DSL.name("account"), SQLDataType.BIGINT, this, "");

		final TableField<Record, String> handle = createField(DSL.name("handle"), SQLDataType.VARCHAR(100), this, "");

		private BadgeTable() {
			super(DSL.name("badge"), PUBLIC);
		}

	}

}
