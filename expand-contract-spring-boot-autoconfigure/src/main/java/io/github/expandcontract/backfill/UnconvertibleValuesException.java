package io.github.expandcontract.backfill;

import java.util.List;
import java.util.stream.Collectors;

import io.github.expandcontract.ExpandContractException;
import io.github.expandcontract.change.RowChange;

/**
 * The table holds values that cannot become values of a new column. Nothing was touched.
 */
public final class UnconvertibleValuesException extends ExpandContractException {

	private final List<UnconvertibleValue> values;

	UnconvertibleValuesException(RowChange change, List<UnconvertibleValue> values, boolean more) {
		super("The change '" + change.id() + "' (" + change.describe() + ", declared at " + change.declaredAt()
				+ ") cannot be made: " + (more ? "at least " : "") + values.size()
				+ (change.oldColumns().isEmpty() ? " rows cannot be filled: "
						: " values of '" + String.join(", ", change.oldColumns()) + "' cannot be converted: ")
				+ values.stream()
					.map((value) -> value.row() + " holds '" + value.value() + "' (" + value.sqlState() + ", "
							+ value.message() + ")")
					.collect(Collectors.joining("; "))
				+ ".", "Correct these rows, or let the expressions take such values, for example by CASE.");
		this.values = List.copyOf(values);
	}

	/**
	 * The values.
	 * @return those that were found first, 20 at most
	 */
	public List<UnconvertibleValue> getValues() {
		return this.values;
	}

}
