package io.github.expandcontract.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import org.springframework.beans.factory.config.YamlPropertiesFactoryBean;
import org.springframework.core.io.ByteArrayResource;

import static org.assertj.core.api.Assertions.assertThat;

/**
 * A page under {@code docs/}, whose examples a test runs: SQL and properties are taken
 * from the page itself, and Java is compared with the source that the test compiles.
 *
 * @param name the file's name
 * @param text what it says
 */
public record DocPage(String name, String text) {

	private static final Pattern BLOCK = Pattern.compile("(?ms)^```(\\w+)\\R(.*?)^```$");

	private static final Pattern PARAGRAPHS = Pattern.compile("\\R\\s*\\R");

	/**
	 * Reads a page.
	 * @param name the file's name, such as {@code rename.md}
	 * @return the page
	 */
	public static DocPage read(String name) {
		try {
			return new DocPage(name, Files.readString(Path.of("..", "docs", name)));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	/**
	 * The examples in a language.
	 * @param language the word behind the fence, such as {@code sql}
	 * @return their texts in the order of the page
	 */
	public List<String> examples(String language) {
		Matcher blocks = BLOCK.matcher(this.text);
		return blocks.results()
			.filter((block) -> block.group(1).equals(language))
			.map((block) -> block.group(2).strip())
			.toList();
	}

	/**
	 * The properties of all YAML examples.
	 * @return each as name and value, joined by an equals sign
	 */
	public String[] properties() {
		YamlPropertiesFactoryBean yaml = new YamlPropertiesFactoryBean();
		yaml.setResources(examples("yaml").stream()
			.map((example) -> new ByteArrayResource(example.getBytes(StandardCharsets.UTF_8)))
			.toArray(ByteArrayResource[]::new));
		return Objects.requireNonNull(yaml.getObject())
			.entrySet()
			.stream()
			.map((property) -> property.getKey() + "=" + property.getValue())
			.toArray(String[]::new);
	}

	/**
	 * Fails unless every Java example stands in the source of a class, whatever the white
	 * space.
	 * @param sources top level classes of the tests
	 */
	public void requireJavaIn(Class<?>... sources) {
		StringBuilder compiled = new StringBuilder();
		for (Class<?> source : sources) {
			compiled.append(source(source));
		}
		String found = squeeze(compiled.toString());
		assertThat(examples("java")).as(this.name).isNotEmpty().allSatisfy((example) -> {
			assertThat(PARAGRAPHS.splitAsStream(example))
				.allSatisfy((part) -> assertThat(found).as(part).contains(squeeze(part)));
		});
	}

	private static String source(Class<?> type) {
		try {
			return Files.readString(Path.of("src", "test", "java", type.getName().replace('.', '/') + ".java"));
		}
		catch (IOException ex) {
			throw new UncheckedIOException(ex);
		}
	}

	private static String squeeze(String text) {
		return text.replaceAll("\\s+", "");
	}

}
