package io.github.expandcontract.plans;

import java.util.ArrayList;
import java.util.List;

import io.github.expandcontract.change.ChangeDeclaration;
import org.mybatis.spring.boot.autoconfigure.MybatisAutoConfiguration;

import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration;
import org.springframework.boot.jooq.autoconfigure.JooqAutoConfiguration;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;

/**
 * An application with a change of every kind, each on a table of its own, beside the
 * rename and the change of type of the entities in this package.
 */
@SpringBootConfiguration(proxyBeanMethods = false)
@EnableAutoConfiguration(
		exclude = { JooqAutoConfiguration.class, MybatisAutoConfiguration.class, HibernateJpaAutoConfiguration.class })
class EveryKind {

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
	@ConditionalOnProperty(name = "expand-contract.sync", havingValue = "both", matchIfMissing = true)
	ChangeDeclaration typeOfUniqueColumn() {
		return ChangeDeclaration.changeType("fares", "code", "ticket", "text", "code::text", "ticket::int");
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
	@ConditionalOnProperty(name = "expand-contract.sync", havingValue = "both", matchIfMissing = true)
	ChangeDeclaration split() {
		return ChangeDeclaration.reshape("persons")
			.from("full_name", "nullif(concat_ws(' ', first_name, last_name), '')")
			.into("first_name", "text", "split_part(full_name, ' ', 1)")
			.into("last_name", "text", "substr(full_name, nullif(strpos(full_name, ' '), 0) + 1)")
			.build();
	}

	@Bean
	@ConditionalOnProperty(name = "expand-contract.sync", havingValue = "both", matchIfMissing = true)
	ChangeDeclaration merge() {
		return ChangeDeclaration.reshape("streets")
			.from("road", "split_part(address, ' ', 1)")
			.from("house", "substr(address, nullif(strpos(address, ' '), 0) + 1)")
			.into("address", "text", "nullif(concat_ws(' ', road, house), '')")
			.build();
	}

	@Bean
	ChangeDeclaration foreignKey() {
		return ChangeDeclaration.addForeignKey("visits", "visits_host_fkey", "host", "hosts", "id");
	}

	@Bean
	ChangeDeclaration foreignKeyThatSetsOrphansNull() {
		return ChangeDeclaration.addForeignKey("rides", "rides_host_fkey", "host", "hosts", "id").settingOrphansNull();
	}

	@Bean
	ChangeDeclaration index() {
		return ChangeDeclaration.addIndex("shelves", "shelves_room_idx", "(room) WHERE room <> ''");
	}

	@Bean
	ChangeDeclaration indexOfPartitions() {
		return ChangeDeclaration.addIndex("ticks", "ticks_id_idx", "(id)");
	}

	@Bean
	ChangeDeclaration unique() {
		return ChangeDeclaration.addUnique("boxes", "boxes_seal_key", "seal");
	}

	@Bean
	ChangeDeclaration check() {
		return ChangeDeclaration.addCheck("cups", "cups_size_check", "size > 0");
	}

	@Bean
	ChangeDeclaration notNull() {
		return ChangeDeclaration.requireNotNull("dishes", "glaze");
	}

	@Bean
	ChangeDeclaration columnThatGoes() {
		return ChangeDeclaration.dropColumn("forks", "prongs");
	}

	@Bean
	ChangeDeclaration tableThatGoes() {
		return ChangeDeclaration.dropTable("knives");
	}

}
