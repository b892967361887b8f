package io.github.expandcontract.autoconfigure.entities;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;

import io.github.expandcontract.RenamedFrom;

@Entity
public class Person {

	@Id
	Long id;

	@RenamedFrom("nick")
	String displayName;

}
