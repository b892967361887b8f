package io.github.expandcontract.sql;

import java.util.List;
import java.util.Set;

import io.github.expandcontract.postgres.TokenKind;

/**
 * Parses the names of types, some of which consist of several words, and the literals
 * that begin with one.
 */
final class TypeParser {

	private static final Set<String> UNITS = Set.of("year", "month", "day", "hour", "minute", "second", "to");

	private final Cursor cursor;

	TypeParser(Cursor cursor) {
		this.cursor = cursor;
	}

	/**
	 * Reads a type's name with what may follow it, or the label of an XML function.
	 */
	void type(List<Element> out) {
		this.cursor.accept("setof");
		int first = this.cursor.index();
		int last = this.cursor.chain();
		for (int i = first; i <= last; i++) {
			this.cursor.settle(i);
		}
		out.add(new Element.TypeName(first, last));
		String name = this.cursor.tokens().get(first).name();
		switch (name) {
			case "double" -> this.cursor.accept("precision");
			case "national" -> {
				this.cursor.acceptAny("character", "char");
				this.cursor.accept("varying");
			}
			case "character", "char", "bit", "nchar" -> this.cursor.accept("varying");
			case "interval" -> {
				while (this.cursor.at(TokenKind.WORD) && UNITS.contains(this.cursor.peek().name())) {
					this.cursor.settle(this.cursor.next());
				}
			}
			default -> {
			}
		}
		if (this.cursor.at(TokenKind.OPEN)) {
			this.cursor.skipGroup();
		}
		if ((name.equals("timestamp") || name.equals("time")) && (this.cursor.at("with") || this.cursor.at("without"))
				&& this.cursor.peek(1).is("time")) {
			this.cursor.next();
			this.cursor.expect("time");
			this.cursor.expect("zone");
		}
		while (this.cursor.at(TokenKind.OPEN_BRACKET)) {
			this.cursor.skipGroup();
		}
		if (this.cursor.accept("array") && this.cursor.at(TokenKind.OPEN_BRACKET)) {
			this.cursor.skipGroup();
		}
	}

	/**
	 * Reads what stands before the string of a literal such as
	 * {@code timestamp(3) with time zone '...'}.
	 */
	void zonedLiteral() {
		this.cursor.next();
		if (this.cursor.at(TokenKind.OPEN)) {
			this.cursor.skipGroup();
		}
		if (!this.cursor.acceptAny("with", "without")) {
			throw this.cursor.unexpected();
		}
		this.cursor.expect("time");
		this.cursor.expect("zone");
	}

	/**
	 * Reads {@code interval '...'} with the units that may follow.
	 */
	void intervalLiteral() {
		this.cursor.next();
		this.cursor.next();
		while (this.cursor.at(TokenKind.WORD) && UNITS.contains(this.cursor.peek().name())) {
			this.cursor.settle(this.cursor.next());
			if (this.cursor.at(TokenKind.OPEN)) {
				this.cursor.skipGroup();
			}
		}
	}

}
