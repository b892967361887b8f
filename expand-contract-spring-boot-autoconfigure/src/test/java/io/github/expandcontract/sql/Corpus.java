package io.github.expandcontract.sql;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;

/**
 * The cases of the files under {@code corpus} and {@code corpus-filled}. A case begins
 * with {@code === name}; its statement follows up to the first line that begins with
 * {@code --- }. Such a line begins a section:
 *
 * <ul>
 * <li>{@code --- parameters} the values of its parameters, one in a line, {@code NULL}
 * for null</li>
 * <li>{@code --- keys} the columns asked for as generated keys, {@code *} for all</li>
 * <li>{@code --- varies} it gives another value each time, so only that the columns agree
 * is checked</li>
 * <li>{@code --- refused} it is refused in every phase, for a reason that contains the
 * text</li>
 * <li>{@code --- refused without trigger} it is refused where the application alone has
 * to write both columns</li>
 * <li>{@code --- refused where values are converted} it is refused at EXPAND where the
 * old columns hold other values than the new ones, and maybe later</li>
 * <li>{@code --- only with trigger} it is not run where the application alone keeps the
 * columns in step</li>
 * <li>{@code --- untouched} it is untouched in every phase</li>
 * <li>{@code --- expand dual-write} and the like: the text in these phases where trigger
 * and application both keep the columns in step; {@code =} stands for the text itself,
 * {@code refused: } begins a part of the reason for which it is refused there</li>
 * <li>{@code --- text only} it is not run, for the reason that the section gives</li>
 * </ul>
 */
final class Corpus {

	private Corpus() {
	}

	/**
	 * A case.
	 */
	record Case(String file, String name, String sql, Map<String, String> sections) {

		List<@Nullable String> parameters() {
			String section = this.sections.get("parameters");
			return (section != null) ? Arrays.stream(section.split("\n", -1))
				.map((value) -> value.equals("NULL") ? null : value)
				.toList() : List.of();
		}

		GeneratedKeys keys() {
			String section = this.sections.get("keys");
			if (section == null) {
				return GeneratedKeys.NONE;
			}
			return section.equals("*") ? GeneratedKeys.ALL : new GeneratedKeys.Named(List.of(section.split("\n", -1)));
		}

		boolean has(String section) {
			return this.sections.containsKey(section);
		}

		@Nullable String expected(Phase phase) {
			for (Map.Entry<String, String> section : this.sections.entrySet()) {
				if (Arrays.asList(section.getKey().split(" ", -1)).contains(phase.propertyName())) {
					return section.getValue().equals("=") ? this.sql : section.getValue();
				}
			}
			return null;
		}

		@Override
		public String toString() {
			return this.file + ": " + this.name;
		}

	}

	static List<Case> load() {
		return load("corpus");
	}

	static List<Case> load(String directory) {
		try (Stream<Path> files = Files.list(Path.of("src/test/resources", directory))) {
			return files.sorted().flatMap((file) -> parse(file).stream()).toList();
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static List<Case> parse(Path file) {
		try {
			List<Case> cases = new ArrayList<>();
			for (String block : Files.readString(file).split("(?m)^=== ", -1)) {
				if (!block.isBlank()) {
					cases.add(parse(file.getFileName().toString().replace(".txt", ""), block));
				}
			}
			return cases;
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static Case parse(String file, String block) {
		String[] parts = block.split("(?m)^--- ", -1);
		int headline = parts[0].indexOf('\n');
		Map<String, String> sections = new LinkedHashMap<>();
		for (int i = 1; i < parts.length; i++) {
			int end = parts[i].indexOf('\n');
			sections.put(parts[i].substring(0, end).strip(), parts[i].substring(end + 1).strip());
		}
		return new Case(file, parts[0].substring(0, headline).strip(), parts[0].substring(headline + 1).strip(),
				sections);
	}

}
