package io.github.expandcontract;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

/**
 * Which room may use which. A room that is not in the list of another may not be named in
 * it.
 */
class ArchitectureTests {

	private static final String BASE = "io.github.expandcontract";

	private static final Map<String, List<String>> USES = uses();

	private final JavaClasses classes = new ClassFileImporter()
		.withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
		.importPackages(BASE);

	private static Map<String, List<String>> uses() {
		Map<String, List<String>> uses = new LinkedHashMap<>();
		uses.put("postgres", List.of());
		uses.put("change", List.of("postgres"));
		uses.put("sql", List.of("change", "postgres"));
		uses.put("phase", List.of("change", "postgres"));
		uses.put("schema", List.of("change", "postgres"));
		uses.put("backfill", List.of("change", "phase", "postgres"));
		uses.put("jdbc", List.of("change", "postgres", "sql", "phase"));
		uses.put("repository", List.of("phase"));
		uses.put("coordination", List.of("change", "postgres", "phase", "schema", "backfill"));
		uses.put("actuate", List.of("change", "postgres", "phase", "coordination", "backfill", "schema", "jdbc"));
		uses.put("autoconfigure", List.of("actuate", "coordination", "repository", "jdbc", "backfill", "schema",
				"phase", "sql", "change", "postgres"));
		return uses;
	}

	@TestFactory
	List<DynamicTest> arrowsRunOneWay() {
		List<DynamicTest> tests = new ArrayList<>();
		USES.forEach((room, allowed) -> {
			String[] forbidden = USES.keySet()
				.stream()
				.filter((other) -> !other.equals(room) && !allowed.contains(other))
				.map((other) -> BASE + "." + other + "..")
				.toArray(String[]::new);
			if (forbidden.length > 0) {
				tests.add(DynamicTest.dynamicTest(room,
						() -> noClasses().that()
							.resideInAPackage(BASE + "." + room + "..")
							.should()
							.dependOnClassesThat()
							.resideInAnyPackage(forbidden)
							.allowEmptyShould(true)
							.check(this.classes)));
			}
		});
		return tests;
	}

	@Test
	void rootUsesNoRoom() {
		String[] rooms = USES.keySet().stream().map((room) -> BASE + "." + room + "..").toArray(String[]::new);
		noClasses().that()
			.resideInAPackage(BASE)
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage(rooms)
			.check(this.classes);
	}

	@Test
	void everyPackageIsARoom() {
		assertThat(this.classes.stream().map((type) -> type.getPackageName()).distinct()).allSatisfy(
				(name) -> assertThat(name.equals(BASE) || USES.containsKey(name.substring(BASE.length() + 1))).as(name)
					.isTrue());
	}

	@Test
	void rewritingKnowsNothingOfJdbc() {
		noClasses().that()
			.resideInAPackage(BASE + ".sql..")
			.should()
			.dependOnClassesThat()
			.resideInAnyPackage("java.sql..", "javax.sql..", "org.springframework.jdbc..")
			.check(this.classes);
	}

}
