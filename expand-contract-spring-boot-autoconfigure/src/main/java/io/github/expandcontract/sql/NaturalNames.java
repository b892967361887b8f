package io.github.expandcontract.sql;

import java.util.List;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * Finds the column after which PostgreSQL names an item of a select list that has no
 * label: casts, collations, subscripts, parentheses and the ELSE of a CASE pass the name
 * of what they contain on.
 */
final class NaturalNames {

	/**
	 * Words that may follow the first one of a type's name.
	 */
	private static final List<String> TYPE_WORDS = List.of("precision", "varying", "character", "char", "with",
			"without", "time", "zone", "array", "year", "month", "day", "hour", "minute", "second", "to");

	private final Tokens tokens;

	NaturalNames(Tokens tokens) {
		this.tokens = tokens;
	}

	/**
	 * The token of the name that an item gets.
	 * @return the token, -1 if it gets none from a column or a function
	 */
	int token(Expression expression) {
		return token(expression.from(), expression.to());
	}

	/**
	 * The reference after which an item is named.
	 */
	Element.@Nullable Reference reference(Expression expression) {
		int token = token(expression);
		for (Element element : expression.elements()) {
			if (element instanceof Element.Reference reference && reference.last() == token) {
				return reference;
			}
		}
		return null;
	}

	private int token(int begin, int end) {
		int from = begin;
		int to = end;
		while (from < to) {
			Token first = this.tokens.get(from);
			int behind = endOfPrimary(from);
			if (behind < 0 || behind > to || !isTail(behind, to)) {
				return -1;
			}
			int field = lastField(behind, to);
			if (field >= 0) {
				return field;
			}
			if (first.is(TokenKind.OPEN)) {
				from++;
				to = behind - 1;
			}
			else if (first.is("cast") && this.tokens.get(from + 1).is(TokenKind.OPEN)) {
				from += 2;
				to = lastAtDepth(from, behind - 1, "as");
			}
			else if (first.is("case")) {
				from = lastAtDepth(from + 1, behind - 1, "else") + 1;
				to = behind - 1;
			}
			else {
				return nameOf(from, behind);
			}
			if (from <= begin || to < from) {
				return -1;
			}
		}
		return -1;
	}

	private int nameOf(int from, int behind) {
		int last = from;
		while (last + 2 < behind && this.tokens.get(last + 1).is(TokenKind.DOT)) {
			last += 2;
		}
		Token token = this.tokens.get(last);
		return (token.isName() && !Keywords.isReserved(token)) ? last : -1;
	}

	/**
	 * The token behind the first operand, -1 if there is none whose name could count.
	 */
	private int endOfPrimary(int from) {
		Token first = this.tokens.get(from);
		if (first.is(TokenKind.OPEN)) {
			return this.tokens.match(from) + 1;
		}
		if (first.is("case")) {
			int depth = 0;
			for (int i = from; i < this.tokens.size(); i++) {
				Token token = this.tokens.get(i);
				if (token.is(TokenKind.OPEN)) {
					i = Math.max(i, this.tokens.match(i));
				}
				depth += token.is("case") ? 1 : token.is("end") ? -1 : 0;
				if (depth == 0) {
					return i + 1;
				}
			}
			return -1;
		}
		if (!first.isName()) {
			return -1;
		}
		int last = from;
		while (this.tokens.get(last + 1).is(TokenKind.DOT) && this.tokens.get(last + 2).isName()) {
			last += 2;
		}
		boolean call = this.tokens.get(last + 1).is(TokenKind.OPEN);
		return call ? this.tokens.match(last + 1) + 1 : last + 1;
	}

	/**
	 * Whether nothing but casts, collations, subscripts and fields follows.
	 */
	private boolean isTail(int begin, int to) {
		int index = begin;
		while (index < to) {
			Token token = this.tokens.get(index);
			if (token.is(TokenKind.OPEN_BRACKET) && this.tokens.match(index) >= 0) {
				index = this.tokens.match(index) + 1;
			}
			else if (token.is(TokenKind.DOT)) {
				index += 2;
			}
			else if (token.is(TokenKind.CAST) || token.is("collate")) {
				index = endOfType(index + 1, to);
			}
			else {
				return false;
			}
		}
		return true;
	}

	private int endOfType(int begin, int to) {
		int index = begin;
		while (index < to) {
			Token token = this.tokens.get(index);
			if (token.is(TokenKind.OPEN) && this.tokens.match(index) >= 0) {
				index = this.tokens.match(index) + 1;
			}
			else if (token.is(TokenKind.DOT)) {
				index += 2;
			}
			else if ((index == begin && token.isName()) || TYPE_WORDS.stream().anyMatch(token::is)) {
				index++;
			}
			else {
				break;
			}
		}
		return index;
	}

	private int lastField(int begin, int to) {
		int field = -1;
		for (int i = begin; i < to - 1; i++) {
			if (this.tokens.get(i).is(TokenKind.OPEN_BRACKET)) {
				i = this.tokens.match(i);
			}
			else if (this.tokens.get(i).is(TokenKind.CAST) || this.tokens.get(i).is("collate")) {
				i = endOfType(i + 1, to) - 1;
			}
			else if (this.tokens.get(i).is(TokenKind.DOT) && this.tokens.get(i + 1).isName()) {
				field = i + 1;
			}
		}
		return field;
	}

	private int lastAtDepth(int from, int to, String keyword) {
		int depth = 0;
		int found = Integer.MIN_VALUE;
		for (int i = from; i < to; i++) {
			Token token = this.tokens.get(i);
			if (token.is(TokenKind.OPEN)) {
				i = Math.max(i, this.tokens.match(i));
			}
			depth += token.is("case") ? 1 : token.is("end") ? -1 : 0;
			if (depth == 0 && token.is(keyword)) {
				found = i;
			}
		}
		return found;
	}

}
