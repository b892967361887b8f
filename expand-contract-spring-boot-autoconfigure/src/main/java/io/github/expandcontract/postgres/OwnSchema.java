package io.github.expandcontract.postgres;

/**
 * The schema that holds every table and function of this project. Nothing of ours stands
 * in a schema of the user's but columns, triggers and indexes of the changing table.
 */
public final class OwnSchema {

	/**
	 * The schema's name; it needs no quotes.
	 */
	public static final String NAME = "expand_contract";

	private OwnSchema() {
	}

}
