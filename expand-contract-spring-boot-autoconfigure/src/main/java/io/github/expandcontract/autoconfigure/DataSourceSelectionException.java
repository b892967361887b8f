package io.github.expandcontract.autoconfigure;

import java.util.Collection;

import io.github.expandcontract.ExpandContractException;

/**
 * It cannot be told which data source's database changes.
 */
public class DataSourceSelectionException extends ExpandContractException {

	DataSourceSelectionException(String description, Collection<String> candidates) {
		super(description, "Set the property 'expand-contract.data-source' to one of '"
				+ String.join("', '", candidates) + "', or mark one of these beans as primary.");
	}

	static DataSourceSelectionException unknown(String name, Collection<String> candidates) {
		return new DataSourceSelectionException(
				"The property 'expand-contract.data-source' names the bean '" + name + "', which is no data source.",
				candidates);
	}

	static DataSourceSelectionException ambiguous(Collection<String> candidates) {
		return new DataSourceSelectionException("There are " + candidates.size()
				+ " data sources and none is primary: '" + String.join("', '", candidates) + "'.", candidates);
	}

}
