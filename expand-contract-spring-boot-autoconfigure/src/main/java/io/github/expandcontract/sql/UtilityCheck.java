package io.github.expandcontract.sql;

import java.util.HashSet;
import java.util.Locale;
import java.util.Set;

import io.github.expandcontract.postgres.Token;
import io.github.expandcontract.postgres.TokenKind;
import io.github.expandcontract.postgres.Tokens;

/**
 * Lets a statement that is not about rows through if it names no changing column and
 * touches no rows by its own code, and refuses it otherwise.
 */
final class UtilityCheck {

	private static final Set<String> HARMLESS_CREATIONS = Set.of("index", "trigger", "statistics", "publication");

	private static final String ACTION = "Run it outside of annotated repositories, and look at the endpoint "
			+ "'expandcontract' for the phase that the change is in.";

	private final Analysis analysis;

	UtilityCheck(Analysis analysis) {
		this.analysis = analysis;
	}

	void check(Statement.Utility utility) {
		Tokens tokens = this.analysis.tokens();
		String command = tokens.get(utility.from()).name();
		Set<String> named = new HashSet<>();
		for (int i = utility.from(); i < utility.to(); i++) {
			Token token = tokens.get(i);
			if (token.isName() && this.analysis.changes().tableNames().contains(token.name())) {
				named.add(token.name());
			}
			if (token.is(TokenKind.STRING) && (command.equals("do") || command.equals("create"))) {
				body(i);
			}
		}
		if (named.isEmpty()) {
			settle(utility);
			return;
		}
		if (command.equals("copy") && !hasColumnList(utility)) {
			throw this.analysis.refuse(utility.from(), "COPY transfers all columns of a changing table.",
					"Use INSERT or SELECT, or give COPY a column list without the changing column.");
		}
		if (command.equals("create") && !isHarmlessCreation(utility)) {
			throw this.analysis.refuse(utility.from(), "The statement defines an object over a changing table.",
					ACTION);
		}
		Set<String> columns = this.analysis.changes().columnsOf(named);
		for (int i = utility.from(); i < utility.to(); i++) {
			if (tokens.get(i).isName() && columns.contains(tokens.get(i).name())) {
				throw this.analysis.refuse(i,
						"The statement names a changing column and is not one that reads or " + "writes rows.", ACTION);
			}
		}
	}

	private void settle(Statement.Utility utility) {
		this.analysis.account().settle(utility.from(), utility.to() - 1);
	}

	private boolean hasColumnList(Statement.Utility utility) {
		Tokens tokens = this.analysis.tokens();
		for (int i = utility.from() + 1; i < utility.to(); i++) {
			if (!tokens.get(i).isName() && !tokens.get(i).is(TokenKind.DOT)) {
				return i > utility.from() + 1 && tokens.get(i).is(TokenKind.OPEN);
			}
		}
		return false;
	}

	private boolean isHarmlessCreation(Statement.Utility utility) {
		for (int i = utility.from() + 1; i < utility.to() && i < utility.from() + 5; i++) {
			if (HARMLESS_CREATIONS.contains(this.analysis.name(i))) {
				return true;
			}
		}
		return false;
	}

	/**
	 * Looks into code that stands in a string.
	 */
	private void body(int token) {
		String body = this.analysis.tokens().text(token).toLowerCase(Locale.ROOT);
		for (String table : this.analysis.changes().tableNames()) {
			if (!body.contains(table.toLowerCase(Locale.ROOT))) {
				continue;
			}
			boolean named = body.contains("*") || body.contains("insert")
					|| this.analysis.changes()
						.columnsOf(Set.of(table))
						.stream()
						.anyMatch((column) -> body.contains(column.toLowerCase(Locale.ROOT)));
			if (named) {
				throw this.analysis.refuse(token,
						"The statement contains code that names a changing column, which cannot be rewritten.", ACTION);
			}
		}
	}

}
