package io.github.expandcontract.postgres;

import java.nio.charset.StandardCharsets;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class ShortNameTests {

	@Test
	void staysWithin63BytesAndWholeCharacters() {
		String name = ShortName.of("p_", "\uD83D\uDE00".repeat(30), "a");
		assertThat(name.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(63);
		assertThat(new String(name.getBytes(StandardCharsets.UTF_8), StandardCharsets.UTF_8)).isEqualTo(name);
	}

	@Test
	void cutsAPlainNameOnlyWhereItIsTooLong() {
		assertThat(ShortName.plain("p_", "x".repeat(61))).isEqualTo("p_" + "x".repeat(61));
		assertThat(ShortName.plain("p_", "x".repeat(62))).hasSize(63)
			.isNotEqualTo(ShortName.plain("p_", "x".repeat(63)));
	}

	@Test
	void tellsApartWhatOnlyDiffersBeyondTheCut() {
		String front = "x".repeat(80);
		assertThat(ShortName.of("", front, front + "1")).isNotEqualTo(ShortName.of("", front, front + "2"));
		assertThat(ShortName.of("", "a", "b", "c")).isNotEqualTo(ShortName.of("", "a", "bc"));
	}

}
