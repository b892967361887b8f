package io.github.expandcontract.libraries.springdata;

import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.data.annotation.Id;
import org.springframework.data.relational.core.mapping.MappedCollection;
import org.springframework.data.relational.core.mapping.Table;

/**
 * An aggregate on the changing table, with rows of a table that owns a column of the same
 * name.
 */
@Table("account")
record Owner(@Id @Nullable Long id, @Nullable String handle,
		@MappedCollection(idColumn = "account") Set<Medal> medals) {

	@Table("badge")
	record Medal(@Id @Nullable Long id, String handle, @Nullable String username) {

		static Medal of(String handle) {
			return new Medal(null, handle, "other");
		}

	}

}
