package io.github.expandcontract.sample.demo;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

class RegisterTests {

	private final Register register = new Register("user-7", "@example.org");

	@Test
	void permitsTheFirstValueUntilAnotherIsCommitted() {
		assertThat(this.register.permits("user-7@example.org", System.nanoTime())).isTrue();
		this.register.issue();
		assertThat(this.register.permits("user-7@example.org", System.nanoTime())).isTrue();
		this.register.commit();
		assertThat(this.register.permits("user-7@example.org", System.nanoTime())).isFalse();
	}

	@Test
	void permitsAValueThatIsBeingWritten() {
		String next = this.register.issue();
		assertThat(next).isEqualTo("user-7.1@example.org");
		assertThat(this.register.permits(next, System.nanoTime())).isTrue();
	}

	@Test
	void permitsTheFormerValueToAReadThatBeganBeforeTheCommit() {
		long since = System.nanoTime();
		this.register.issue();
		this.register.commit();
		this.register.issue();
		this.register.commit();
		assertThat(this.register.permits("user-7@example.org", since)).isTrue();
		assertThat(this.register.permits("user-7.1@example.org", since)).isTrue();
		assertThat(this.register.permits("user-7.1@example.org", System.nanoTime())).isFalse();
	}

	@Test
	void refusesAValueThatWasNeverIssued() {
		assertThat(this.register.permits("user-7.1@example.org", System.nanoTime())).isFalse();
		assertThat(this.register.permits("user-8@example.org", System.nanoTime())).isFalse();
	}

	@Test
	void knowsNothingOfAValueWhoseAnswerNeverCame() {
		this.register.issue();
		String last = this.register.issue();
		assertThat(this.register.current()).isEqualTo("user-7@example.org");
		this.register.commit();
		assertThat(this.register.current()).isEqualTo(last);
		assertThat(this.register.permits("user-7.1@example.org", System.nanoTime())).isFalse();
	}

	@Test
	void aValueMayHaveLeftAsSoonAsTheNextIsIssued() {
		assertThat(this.register.mayHaveLeft(this.register.current())).isFalse();
		this.register.issue();
		assertThat(this.register.mayHaveLeft(this.register.current())).isTrue();
	}

}
