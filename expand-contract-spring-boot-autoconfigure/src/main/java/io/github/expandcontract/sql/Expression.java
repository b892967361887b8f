package io.github.expandcontract.sql;

import java.util.List;

import org.jspecify.annotations.Nullable;

/**
 * A value as it stands in the text: which tokens it spans, and what it contains in the
 * order of the text. Operators and literals are of no interest.
 *
 * @param from its first token
 * @param to the token behind it
 * @param elements what it contains
 */
record Expression(int from, int to, List<Element> elements) {

	boolean isEmpty() {
		return this.from == this.to;
	}

	/**
	 * The reference that this expression is, and nothing besides.
	 */
	Element.@Nullable Reference bareReference() {
		boolean bare = this.elements.size() == 1 && this.elements.get(0) instanceof Element.Reference reference
				&& reference.first() == this.from && reference.last() == this.to - 1;
		return bare ? (Element.Reference) this.elements.get(0) : null;
	}

}
