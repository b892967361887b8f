package io.github.expandcontract.schema;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.Lexer;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * The parts of a foreign key as the server writes it: the columns, what they refer to,
 * and the rest.
 *
 * @param columns the columns, quoted, new in the place of old
 * @param referenced the table that they refer to, as it is written
 * @param referencedColumns its columns, quoted
 * @param rest what stands behind, such as ON DELETE
 */
record ForeignKeyText(List<String> columns, String referenced, List<String> referencedColumns, String rest) {

	static ForeignKeyText of(String definition, ColumnChange change) {
		Tokens tokens = Lexer.tokens(definition);
		List<Integer> opens = new ArrayList<>();
		int references = -1;
		for (int i = 0; i < tokens.size(); i++) {
			if (tokens.get(i).is(TokenKind.OPEN)) {
				opens.add(i);
			}
			else if (references < 0 && tokens.get(i).is("references")) {
				references = i;
			}
		}
		int target = opens.get(1);
		StringBuilder rest = new StringBuilder();
		int last = tokens.get(tokens.match(target)).end();
		for (int i = tokens.match(target) + 1; i < tokens.size(); i++) {
			// The columns of SET NULL or SET DEFAULT
			if (opens.size() > 2 && i > opens.get(2) && i < tokens.match(opens.get(2)) && isOld(tokens, i, change)) {
				rest.append(definition, last, tokens.get(i).start()).append(Identifiers.quote(change.newColumn()));
				last = tokens.get(i).end();
			}
		}
		rest.append(definition.substring(last));
		return new ForeignKeyText(
				names(tokens, opens.get(0),
						(i) -> isOld(tokens, i, change) ? Identifiers.quote(change.newColumn()) : tokens.text(i)),
				definition.substring(tokens.get(references).end(), tokens.get(target).start()).trim(),
				names(tokens, target, tokens::text), rest.toString());
	}

	private static boolean isOld(Tokens tokens, int index, ColumnChange change) {
		return tokens.get(index).isName() && tokens.get(index).name().equals(change.oldColumn());
	}

	private static List<String> names(Tokens tokens, int open, IntFunction<String> text) {
		List<String> names = new ArrayList<>();
		StringBuilder name = new StringBuilder();
		for (int i = open + 1; i <= tokens.match(open); i++) {
			if (tokens.get(i).is(TokenKind.COMMA) || i == tokens.match(open)) {
				names.add(name.toString());
				name.setLength(0);
			}
			else {
				name.append(name.isEmpty() ? "" : " ").append(text.apply(i));
			}
		}
		return names;
	}

	/**
	 * The foreign key, to another table than it names perhaps.
	 */
	String to(String table) {
		return "FOREIGN KEY (" + String.join(", ", this.columns) + ") REFERENCES " + table + "("
				+ String.join(", ", this.referencedColumns) + ")" + this.rest;
	}

	String definition() {
		return to(this.referenced);
	}

	/**
	 * What is true of a row that refers to nothing.
	 */
	String orphaned(String row) {
		StringBuilder present = new StringBuilder();
		StringBuilder same = new StringBuilder();
		for (int i = 0; i < this.columns.size(); i++) {
			String column = row + "." + this.columns.get(i);
			present.append(column).append(" IS NOT NULL AND ");
			same.append((i > 0) ? " AND " : "")
				.append("r.")
				.append(this.referencedColumns.get(i))
				.append(" = ")
				.append(column);
		}
		return present + "NOT EXISTS (SELECT FROM " + this.referenced + " r WHERE " + same + ")";
	}

}
