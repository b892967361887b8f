package io.github.expandcontract.phase;

import java.time.Duration;
import java.util.UUID;

/**
 * A moment, announced in advance, from which every instance holds new calls so that one
 * short transaction can change what statements mean.
 *
 * @param token distinguishes this hold from any other
 * @param startsIn time until it begins by the database's clock, negative once it has
 * @param endsIn time until it is given up, negative once it is
 */
public record Hold(UUID token, Duration startsIn, Duration endsIn) {

	/**
	 * Whether it has been given up.
	 * @return whether its end has passed
	 */
	public boolean over() {
		return this.endsIn.isNegative() || this.endsIn.isZero();
	}

}
