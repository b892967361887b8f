package io.github.expandcontract.jdbc;

import java.util.List;
import java.util.Map;
import java.util.Set;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.UnannotatedAccess;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.postgres.Column;
import io.github.expandcontract.postgres.Table;
import io.github.expandcontract.postgres.TableName;
import io.github.expandcontract.sql.SchemaView;

/**
 * A renamed column, and statements as persistence libraries write them.
 */
public enum Texts {

	SPRING_DATA_INSERT("""
			INSERT INTO "users" ("email", "handle", "version") VALUES (?, ?, ?)"""),

	SPRING_DATA_UPDATE("""
			UPDATE "users" SET "version" = ?, "email" = ?, "handle" = ? \
			WHERE "users"."id" = ? AND "users"."version" = ?"""),

	SPRING_DATA_SELECT("""
			SELECT "users"."id" AS "id", "users"."email" AS "email", "users"."handle" AS "handle", \
			"users"."version" AS "version" FROM "users" WHERE "users"."id" = ?"""),

	HIBERNATE_SELECT("""
			select distinct u1_0.id,u1_0.handle,u1_0.email from users u1_0 join orders o1_0 on u1_0.id=o1_0.user_id \
			where lower(u1_0.handle) like ? escape '' and exists(select 1 from accounts a1_0 \
			where a1_0.handle=u1_0.handle)"""),

	HIBERNATE_UPSERT("""
			merge into users as t using (select cast(? as bigint) id,cast(? as varchar) handle,\
			cast(? as varchar) email) as s on (t.id=s.id) \
			when matched then update set handle=s.handle,email=s.email \
			when not matched then insert (id,handle,email) values (s.id,s.handle,s.email)"""),

	JOOQ_UPSERT("""
			insert into "public"."users" as "t" ("id", "handle") values (?, ?) on conflict ("id") do update \
			set "handle" = ?, "email" = "excluded"."handle" where "t"."handle" is distinct from ? \
			returning "t"."id", "t"."handle\""""),

	JOOQ_PAGE("""
			select "u"."id", "u"."handle" from "public"."users" as "u" where ("u"."handle", "u"."id") > (?, ?::int8) \
			order by "u"."handle", "u"."id" fetch next ? rows only"""),

	REPORT_OF_60_LINES("""
			/* monthly report */
			WITH months AS (
			    SELECT date_trunc('month', d)::date AS month
			    FROM generate_series(?::date, ?::date, interval '1 month') AS g(d)
			),
			active AS (
			    SELECT
			        u.id,
			        u.handle,
			        lower(u.email) AS email,
			        u.version
			    FROM users u
			    WHERE u.handle IS NOT NULL
			      AND u.handle NOT LIKE 'test-%'
			      -- accounts that were closed keep their user
			      AND NOT EXISTS (
			          SELECT 1
			          FROM accounts a
			          WHERE a.handle = u.handle
			            AND a.closed_at IS NOT NULL
			      )
			),
			orders_by_month AS (
			    SELECT
			        o.user_id,
			        date_trunc('month', o.created_at)::date AS month,
			        count(*) AS orders,
			        sum(o.total) AS total,
			        max(o.total) FILTER (WHERE o.currency = 'EUR') AS largest
			    FROM orders o
			    JOIN users b ON b.id = o.user_id AND b.handle = ANY (?::text[])
			    GROUP BY o.user_id, date_trunc('month', o.created_at)
			)
			SELECT
			    m.month,
			    a.handle AS name,
			    a.email,
			    coalesce(o.orders, 0) AS orders,
			    coalesce(o.total, 0) AS total,
			    CASE
			        WHEN o.total > 1000 THEN 'gold'
			        WHEN o.total > 100 THEN 'silver'
			        ELSE 'none'
			    END AS level,
			    rank() OVER (
			        PARTITION BY m.month
			        ORDER BY o.total DESC NULLS LAST
			    ) AS place,
			    (
			        SELECT string_agg(x.handle, ', ' ORDER BY x.handle)
			        FROM users x
			        WHERE x.email = a.email
			          AND x.id <> a.id
			    ) AS namesakes
			FROM months m
			CROSS JOIN active a
			LEFT JOIN orders_by_month o
			    ON o.user_id = a.id
			    AND o.month = m.month
			WHERE a.handle > ?
			  AND (o.total IS NULL OR o.total BETWEEN ? AND ?)
			ORDER BY m.month, place, a.handle
			LIMIT ? OFFSET ?"""),

	ANOTHER_TABLE("""
			SELECT "orders"."id" AS "id", "orders"."total" AS "total" FROM "orders" WHERE "orders"."id" = ?""");

	private static final TableName USERS = new TableName("public", "users");

	static final RenameColumn CHANGE = new RenameColumn("users-handle", USERS, "username", "handle", "User.handle");

	static final SchemaView SCHEMA = new SchemaView(1, List.of("public"),
			Map.of(USERS,
					new Table(1, USERS, false,
							List.of(column("id", 1), column("username", 2), column("email", 3), column("version", 4),
									column("handle", 5)),
							List.of("id"))),
			Set.of(), Map.of(new TableName("public", "accounts"), Set.of("handle")), Set.of("lower", "upper"));

	private final String sql;

	Texts(String sql) {
		this.sql = sql;
	}

	String sql() {
		return this.sql;
	}

	/**
	 * What the connections of an application share, with the change at dual write.
	 * @param admission where the phase is published
	 * @return an interceptor as the auto-configuration makes one
	 */
	static StatementInterceptor interceptor(Admission admission) {
		StatementInterceptor interceptor = new StatementInterceptor(admission,
				StatementListener.all(new StatementCounts(), new UnannotatedStatements()));
		interceptor.activate(List.of(CHANGE), SyncMode.BOTH, UnannotatedAccess.WARN, SCHEMA);
		admission.publish(Map.of(CHANGE.id(), Phase.DUAL_WRITE), Map.of(CHANGE.id(), 1L));
		return interceptor;
	}

	private static Column column(String name, int position) {
		return new Column(name, position, "text", false, null, false, false, false, null);
	}

}
