package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;

import io.github.expandcontract.postgres.Lexer;
import io.github.expandcontract.postgres.Tokens;

/**
 * Edits of a text by position. What no edit touches survives byte for byte.
 */
final class Edits {

	/**
	 * By position, insertions first, and what surrounds before what is within.
	 */
	private static final Comparator<Edit> ORDER = Comparator.comparingInt(Edit::start)
		.thenComparingInt((edit) -> (edit.start() == edit.end()) ? 0 : 1)
		.thenComparing(Edit::end, Comparator.reverseOrder());

	private final Tokens tokens;

	private final List<Edit> edits = new ArrayList<>();

	Edits(Tokens tokens) {
		this.tokens = tokens;
	}

	/**
	 * A part of what an edit puts in.
	 */
	sealed interface Piece {

	}

	/**
	 * Text as it is.
	 *
	 * @param text the text
	 */
	record Text(String text) implements Piece {
	}

	/**
	 * A part of the original, with the edits that lie within it.
	 *
	 * @param from its first offset
	 * @param to the offset behind it
	 */
	record Copy(int from, int to) implements Piece {
	}

	private record Edit(int start, int end, List<Piece> pieces) {
	}

	boolean isEmpty() {
		return this.edits.isEmpty();
	}

	/**
	 * Replaces tokens.
	 * @param first the first token
	 * @param last the last token
	 */
	void replace(int first, int last, List<Piece> pieces) {
		this.edits.add(new Edit(this.tokens.get(first).start(), this.tokens.get(last).end(), pieces));
	}

	void replace(int first, int last, String text) {
		replace(first, last, List.of(new Text(text)));
	}

	/**
	 * Inserts behind a token. What is inserted later at the same place stands later.
	 */
	void insertAfter(int token, List<Piece> pieces) {
		int position = this.tokens.get(token).end();
		this.edits.add(new Edit(position, position, pieces));
	}

	void insertAfter(int token, String text) {
		insertAfter(token, List.of(new Text(text)));
	}

	void insertBefore(int token, String text) {
		int position = this.tokens.get(token).start();
		this.edits.add(new Edit(position, position, List.of(new Text(text))));
	}

	/**
	 * A copy of tokens.
	 */
	Copy copy(int first, int last) {
		return new Copy(this.tokens.get(first).start(), this.tokens.get(last).end());
	}

	Rewriting apply(boolean returnsKeys) {
		Edit[] sorted = this.edits.toArray(new Edit[0]);
		Arrays.sort(sorted, ORDER);
		Writer writer = new Writer(sorted);
		writer.write(0, this.tokens.source().length(), -1);
		ParameterMap parameters = ParameterMap.of(this.tokens.parameters().length, writer.parameters);
		return new Rewriting.Rewritten(writer.out.toString(), parameters, returnsKeys);
	}

	/**
	 * Writes the edited text and notes whose value each parameter in it takes.
	 */
	private final class Writer {

		private final Edit[] sorted;

		private final StringBuilder out = new StringBuilder();

		private final List<Integer> parameters = new ArrayList<>();

		private Writer(Edit[] sorted) {
			this.sorted = sorted;
		}

		/**
		 * Writes a part of the original.
		 * @param within the edit that this part is a copy for, -1 if none
		 */
		private void write(int from, int to, int within) {
			int position = from;
			// What is inserted behind a copied part does not belong to it.
			int last = (within < 0) ? to : to - 1;
			for (int i = firstAt(from); i < this.sorted.length && this.sorted[i].start() <= last; i++) {
				Edit edit = this.sorted[i];
				if (i == within || edit.start() < position || edit.end() > to) {
					continue;
				}
				original(position, edit.start());
				for (Piece piece : edit.pieces()) {
					if (piece instanceof Copy copy) {
						write(copy.from(), copy.to(), i);
					}
					else if (piece instanceof Text text) {
						separate(text.text(), 0);
						this.out.append(text.text());
					}
				}
				position = edit.end();
			}
			original(position, to);
		}

		/**
		 * Keeps words apart between which something stood that needed no space.
		 */
		private void separate(String text, int index) {
			int length = this.out.length();
			if (length > 0 && index < text.length() && Lexer.isNamePart(this.out.charAt(length - 1))
					&& Lexer.isNamePart(text.charAt(index))) {
				this.out.append(' ');
			}
		}

		private int firstAt(int position) {
			int low = 0;
			int high = this.sorted.length;
			while (low < high) {
				int middle = (low + high) >>> 1;
				if (this.sorted[middle].start() < position) {
					low = middle + 1;
				}
				else {
					high = middle;
				}
			}
			return low;
		}

		private void original(int from, int to) {
			if (from == to) {
				return;
			}
			separate(Edits.this.tokens.source(), from);
			this.out.append(Edits.this.tokens.source(), from, to);
			int[] places = Edits.this.tokens.parameters();
			int index = Arrays.binarySearch(places, from);
			for (int i = (index >= 0) ? index : -index - 1; i < places.length && places[i] < to; i++) {
				this.parameters.add(i + 1);
			}
		}

	}

}
