package io.github.expandcontract.autoconfigure;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.expandcontract.Phase;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.postgres.TableName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TargetPhasesTests {

	private final List<RenameColumn> changes = List.of(change("users-handle"), change("orders-total"));

	@Test
	void leavesOutWhatIsNotListed() {
		assertThat(TargetPhases.of(asks("users-handle", Phase.BACKFILL), this.changes))
			.containsExactlyEntriesOf(Map.of("users-handle", Phase.BACKFILL));
	}

	@Test
	void understandsNamesOfEnvironmentVariables() {
		assertThat(TargetPhases.of(asks("usershandle", Phase.BACKFILL), this.changes)).containsEntry("users-handle",
				Phase.BACKFILL);
	}

	@Test
	void refusesUnknownIdWithTheKnownAndTheNearest() {
		assertThatExceptionOfType(UnknownChangeException.class)
			.isThrownBy(() -> TargetPhases.of(asks("user-handle", Phase.BACKFILL), this.changes))
			.withMessageContaining("'expand-contract.changes.user-handle'")
			.withMessageContaining("'orders-total', 'users-handle'")
			.withMessageContaining("Did you mean 'users-handle'?");
	}

	@Test
	void refusesAnyIdWhereNothingIsDeclared() {
		assertThatExceptionOfType(UnknownChangeException.class)
			.isThrownBy(() -> TargetPhases.of(asks("users-handle", Phase.EXPAND), List.of()))
			.withMessageContaining("No change is declared.");
	}

	private static Map<String, ExpandContractProperties.Change> asks(String id, Phase phase) {
		return Map.of(id, new ExpandContractProperties.Change(phase));
	}

	private static RenameColumn change(String id) {
		return new RenameColumn(id, new TableName("public", "t"), "a", "b", "here");
	}

}
