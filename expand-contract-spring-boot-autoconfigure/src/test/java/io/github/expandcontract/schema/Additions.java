package io.github.expandcontract.schema;

import java.util.List;

import io.github.expandcontract.change.AddCheck;
import io.github.expandcontract.change.AddForeignKey;
import io.github.expandcontract.change.AddIndex;
import io.github.expandcontract.change.AddUnique;
import io.github.expandcontract.change.ConstraintTiming;
import io.github.expandcontract.change.ReferentialAction;
import io.github.expandcontract.change.RequireNotNull;
import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.postgres.TableName;

/**
 * One change of each kind, on names that have to be quoted and are as long as names may
 * be.
 */
enum Additions {

	INDEX {

		@Override
		TableChange change() {
			return new AddIndex("the-index", ORDERS, LONG, false, "(\"Number\" DESC, total) WHERE total > 0", "test");
		}

		@Override
		String spoil() {
			return "";
		}

	},

	UNIQUE_INDEX {

		@Override
		TableChange change() {
			return new AddIndex("the-unique-index", ORDERS, LONG, true, "(lower(\"Number\")) WHERE total > 0", "test");
		}

		@Override
		String spoil() {
			return "UPDATE " + ORDERS.quoted() + " SET \"Number\" = upper('n8') WHERE id = 7";
		}

	},

	UNIQUE {

		@Override
		TableChange change() {
			return new AddUnique("the-unique", ORDERS, LONG, List.of("Number", "total"), false,
					ConstraintTiming.DEFERRED, "test");
		}

		@Override
		String spoil() {
			return "UPDATE " + ORDERS.quoted() + " SET \"Number\" = 'n8', total = 8 WHERE id = 7";
		}

	},

	FOREIGN_KEY {

		@Override
		TableChange change() {
			return foreignKey(false);
		}

		@Override
		String spoil() {
			return "UPDATE " + ORDERS.quoted() + " SET \"Customer\" = 4711 WHERE id = 7";
		}

	},

	CHECK {

		@Override
		TableChange change() {
			return new AddCheck("the-check", ORDERS, LONG, "total >= 0", "test");
		}

		@Override
		String spoil() {
			return "UPDATE " + ORDERS.quoted() + " SET total = -1 WHERE id = 7";
		}

	},

	NOT_NULL {

		@Override
		TableChange change() {
			return new RequireNotNull("the-not-null", ORDERS, "Number", "test");
		}

		@Override
		String spoil() {
			return "UPDATE " + ORDERS.quoted() + " SET \"Number\" = NULL WHERE id = 7";
		}

	};

	static final TableName ORDERS = new TableName("The Shop", "Orders");

	static final TableName CUSTOMERS = new TableName("crm", "customers");

	static final String LONG = "A name with \"quotes\" and blanks that has sixty-three bytes äö";

	static final String TABLES = """
			DROP SCHEMA IF EXISTS "The Shop" CASCADE;
			DROP SCHEMA IF EXISTS crm CASCADE;
			DROP SCHEMA IF EXISTS expand_contract CASCADE;
			CREATE SCHEMA "The Shop";
			CREATE SCHEMA crm;
			CREATE SCHEMA expand_contract;
			CREATE TABLE crm.customers (id bigint PRIMARY KEY, region int NOT NULL DEFAULT 1);
			INSERT INTO crm.customers SELECT i FROM generate_series(1, 20) i;
			""";

	static final String ROWS = """
			INSERT INTO "The Shop"."Orders" ("Customer", "Number", total)
			SELECT 1 + i % 20, 'n' || i, i FROM generate_series(1, 60) i;
			""";

	static final String SETUP = TABLES + """
			CREATE TABLE "The Shop"."Orders" (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, "Customer" bigint,
			  "Number" text, total int);
			""" + ROWS;

	static AddForeignKey foreignKey(boolean settingOrphansNull) {
		return new AddForeignKey("the-key", ORDERS, LONG, List.of("Customer"), CUSTOMERS, List.of("id"), false,
				ReferentialAction.SET_NULL, ReferentialAction.CASCADE, ConstraintTiming.DEFERRABLE, settingOrphansNull,
				"test");
	}

	abstract TableChange change();

	/**
	 * Makes row 7 stand against the change.
	 */
	abstract String spoil();

}
