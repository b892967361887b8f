package io.github.expandcontract.change;

import java.util.Collection;
import java.util.List;

/**
 * Knows which columns the properties of entities have.
 */
public abstract sealed class EntityMapping permits SpringDataMapping, JpaMapping {

	EntityMapping() {
	}

	/**
	 * Finds the columns of the properties that have an annotation.
	 * @param types the entities of the application and what they are made of
	 * @return the columns, one per concrete entity and embedding
	 * @throws UnreadableMappingException if the mapping is wrong
	 */
	abstract List<MappedColumn> columns(Collection<Class<?>> types);

}
