package io.github.expandcontract.autoconfigure;

import java.util.List;
import java.util.Map;

import org.junit.jupiter.api.Test;

import io.github.expandcontract.Phase;
import io.github.expandcontract.RenameStrategy;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.postgres.TableName;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ConfiguredChangesTests {

	private final List<RenameColumn> changes = List.of(change("users-handle"), change("orders-total"));

	@Test
	void leavesOutWhatIsNotListed() {
		assertThat(ConfiguredChanges.of(asks("users-handle", Phase.BACKFILL), this.changes).phases())
			.containsExactlyEntriesOf(Map.of("users-handle", Phase.BACKFILL));
	}

	@Test
	void understandsNamesOfEnvironmentVariables() {
		assertThat(ConfiguredChanges.of(asks("usershandle", Phase.BACKFILL), this.changes).phases())
			.containsEntry("users-handle", Phase.BACKFILL);
	}

	@Test
	void environmentVariableStandsAboveTheFileWithWhatItSays() {
		ConfiguredChanges configured = ConfiguredChanges
			.of(Map.of("users-handle", new ExpandContractProperties.Change(Phase.EXPAND, RenameStrategy.IN_PLACE),
					"usershandle", new ExpandContractProperties.Change(Phase.CONTRACT, null)), this.changes);
		assertThat(configured.phases()).containsExactlyEntriesOf(Map.of("users-handle", Phase.CONTRACT));
		assertThat(configured.byStrategy(List.copyOf(this.changes))).containsExactly(this.changes.get(0).inPlace(),
				this.changes.get(1));
	}

	@Test
	void strategyAloneAsksForNoPhase() {
		assertThat(ConfiguredChanges
			.of(Map.of("users-handle", new ExpandContractProperties.Change(null, RenameStrategy.IN_PLACE)),
					this.changes)
			.phases()).isEmpty();
	}

	@Test
	void refusesInPlaceForWhatIsNoRename() {
		ChangeType change = ChangeDeclaration.changeType("t", "a", "b", "text", "a::text", "b::int")
			.withId("t-b")
			.on(new TableName("public", "t"));
		ConfiguredChanges configured = ConfiguredChanges
			.of(Map.of("t-b", new ExpandContractProperties.Change(null, RenameStrategy.IN_PLACE)), List.of(change));
		assertThatExceptionOfType(InvalidPropertyException.class)
			.isThrownBy(() -> configured.byStrategy(List.of(change)))
			.withMessageContaining("'expand-contract.changes.t-b.strategy' is 'in-place'")
			.withMessageContaining("only the rename of a column");
	}

	@Test
	void refusesUnknownIdWithTheKnownAndTheNearest() {
		assertThatExceptionOfType(UnknownChangeException.class)
			.isThrownBy(() -> ConfiguredChanges.of(asks("user-handle", Phase.BACKFILL), this.changes))
			.withMessageContaining("'expand-contract.changes.user-handle'")
			.withMessageContaining("'orders-total', 'users-handle'")
			.withMessageContaining("Did you mean 'users-handle'?");
	}

	@Test
	void refusesAnyIdWhereNothingIsDeclared() {
		assertThatExceptionOfType(UnknownChangeException.class)
			.isThrownBy(() -> ConfiguredChanges.of(asks("users-handle", Phase.EXPAND), List.of()))
			.withMessageContaining("No change is declared.");
	}

	private static Map<String, ExpandContractProperties.Change> asks(String id, Phase phase) {
		return Map.of(id, new ExpandContractProperties.Change(phase, null));
	}

	private static RenameColumn change(String id) {
		return new RenameColumn(id, new TableName("public", "t"), "a", "b", "here");
	}

}
