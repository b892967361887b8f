package io.github.expandcontract.plans;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.reflect.Method;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.change.RenameInPlace;
import io.github.expandcontract.postgres.TableName;
import org.mybatis.spring.boot.autoconfigure.MybatisAutoConfiguration;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.ClassPathResource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.util.ReflectionUtils;

/**
 * An application with a change of every kind, each on a table of its own, beside the
 * rename and the change of type of the entities in this package.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
		exclude = { JooqAutoConfiguration.class, MybatisAutoConfiguration.class, HibernateJpaAutoConfiguration.class })
class EveryKind {

	/**
	 * Its changes, without an application.
	 * @param jdbc a database after the migrations
	 */
	static List<Change> changes(JdbcTemplate jdbc) {
		List<Change> changes = new ArrayList<>();
		for (Method method : EveryKind.class.getDeclaredMethods()) {
			if (method.isAnnotationPresent(Bean.class)) {
				ReflectionUtils.makeAccessible(method);
				ChangeDeclaration declaration = (ChangeDeclaration) Objects
					.requireNonNull(ReflectionUtils.invokeMethod(method, new EveryKind()));
				TableName table = new TableName("public", declaration.table());
				Change change = declaration.on(table,
						jdbc.queryForList("SELECT attname FROM pg_attribute WHERE attrelid = to_regclass(?)",
								String.class, table.quoted()));
				changes.add((change instanceof RenameColumn rename) ? new RenameInPlace(rename.id(), table,
						rename.oldColumn(), rename.newColumn(), rename.declaredAt()) : change);
			}
		}
		return changes;
	}

	/**
	 * Makes its tables, without an application.
	 * @param jdbc an empty database
	 */
	static void migrate(JdbcTemplate jdbc) {
		for (String script : List.of("plans/migration/V1__accounts_and_items.sql",
				"plans/kinds/V2__a_table_for_each_kind.sql")) {
			try {
				jdbc.execute(new ClassPathResource(script).getContentAsString(StandardCharsets.UTF_8));
			}
			catch (IOException ex) {
				throw new UncheckedIOException(ex);
			}
		}
	}

	static ConfigurableApplicationContext start(String url, String... properties) {
		List<String> all = new ArrayList<>(
				List.of("spring.flyway.locations=classpath:plans/migration,classpath:plans/kinds",
						"expand-contract.changes.badges-title.strategy=in-place"));
		all.addAll(List.of(properties));
		return PlansApplication.start(EveryKind.class, url, all.toArray(String[]::new));
	}

	@Bean
	ChangeDeclaration renameInPlace() {
		return ChangeDeclaration.renameColumn("badges", "label", "title");
	}

	@Bean
	ChangeDeclaration typeThatKeepsItsName() {
		return ChangeDeclaration
			.changeType("tariffs", "amount", "amount", "numeric(10,2)", "amount / 100.0", "round(amount * 100)::int")
			.withoutLoss();
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration typeOfUniqueColumn() {
		return ChangeDeclaration.changeType("fares", "code", "ticket", "text", "code::text", "ticket::int");
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration typeOfReferringColumn() {
		return ChangeDeclaration.changeType("tolls", "zone", "area", "bigint", "zone::bigint", "area::int");
	}

	@Bean
	ChangeDeclaration requiredColumn() {
		return ChangeDeclaration.addColumn("parcels", "total", "numeric(12,2)", "price * pieces");
	}

	@Bean
	ChangeDeclaration requiredConstant() {
		return ChangeDeclaration.addColumn("letters", "stamp", "text", "'plain'");
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration split() {
		return ChangeDeclaration.reshape("persons")
			.from("full_name", "nullif(concat_ws(' ', first_name, last_name), '')")
			.into("first_name", "text", "split_part(full_name, ' ', 1)")
			.into("last_name", "text", "substr(full_name, nullif(strpos(full_name, ' '), 0) + 1)")
			.build();
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration merge() {
		return ChangeDeclaration.reshape("streets")
			.from("road", "split_part(address, ' ', 1)")
			.from("house", "substr(address, nullif(strpos(address, ' '), 0) + 1)")
			.into("address", "text", "nullif(concat_ws(' ', road, house), '')")
			.build();
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration foreignKey() {
		return ChangeDeclaration.addForeignKey("visits", "visits_host_fkey", "host", "hosts", "id");
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration foreignKeyThatSetsOrphansNull() {
		return ChangeDeclaration.addForeignKey("rides", "rides_host_fkey", "host", "hosts", "id").settingOrphansNull();
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration index() {
		return ChangeDeclaration.addIndex("shelves", "shelves_room_idx", "(room) WHERE room <> ''");
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration indexOfPartitions() {
		return ChangeDeclaration.addIndex("ticks", "ticks_id_idx", "(id)");
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration unique() {
		return ChangeDeclaration.addUnique("boxes", "boxes_seal_key", "seal");
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration check() {
		return ChangeDeclaration.addCheck("cups", "cups_size_check", "size > 0");
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration notNull() {
		return ChangeDeclaration.requireNotNull("dishes", "glaze");
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration columnThatGoes() {
		return ChangeDeclaration.dropColumn("forks", "drawer");
	}

	@Bean
	@WithTriggerAlone
	ChangeDeclaration tableThatGoes() {
		return ChangeDeclaration.dropTable("knives");
	}

	/**
	 * A change that cannot be made without the trigger, or is the same without it.
	 */
	@Retention(RetentionPolicy.RUNTIME)
	@ConditionalOnProperty(name = "expand-contract.sync", havingValue = "both", matchIfMissing = true)
	private @interface WithTriggerAlone {

	}

}
