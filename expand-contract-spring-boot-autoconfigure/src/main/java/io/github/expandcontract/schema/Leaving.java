package io.github.expandcontract.schema;

import java.util.List;

import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ColumnChange;
import io.github.expandcontract.postgres.Mentions;
import io.github.expandcontract.postgres.OwnSchema;
import io.github.expandcontract.postgres.OwnStatements;
import io.github.expandcontract.postgres.TableName;

/**
 * What is not there any more when a change is through, and how a statement shows that it
 * still counts on it.
 *
 * @param change the id of the change
 * @param table the table
 * @param columns the columns that go, empty where the table itself does
 * @param successors the columns that come instead
 * @param keepsName whether a successor has the name in the end, so that who knows it says
 * both names
 */
public record Leaving(String change, TableName table, List<String> columns, List<String> successors,
		boolean keepsName) {

	/**
	 * What goes with a change.
	 * @param change the change
	 * @return its leaving columns, and the other changing ones as successors
	 */
	public static Leaving of(Change change) {
		List<String> columns = change.leavingColumns();
		return new Leaving(change.id(), change.table(), columns,
				change.changingColumns().stream().filter((column) -> !columns.contains(column)).toList(),
				change instanceof ColumnChange pair && KeptName.isKept(pair));
	}

	/**
	 * Whether a statement names what goes.
	 * @param mentions the names in it
	 * @return whether it names the table and, where only columns go, one of them
	 */
	public boolean namedIn(Mentions mentions) {
		return mentions.table(this.table)
				&& (this.columns.isEmpty() || this.columns.stream().anyMatch(mentions::column));
	}

	/**
	 * Whether a text of the server's statistics is the work of someone who would break.
	 * Not of ours, and not of those who know the successor: an annotated INSERT names the
	 * old column beside the new one where it has to, in a conflict target, and a dump
	 * copies whatever columns there are. Where the name is kept, an annotated SELECT
	 * reads the successor under it.
	 */
	boolean brokenIn(String text) {
		Mentions mentions = Mentions.in(text);
		boolean lists = mentions.verb().equals("insert") || mentions.verb().equals("copy");
		boolean knows = (lists || this.keepsName) && this.successors.stream().anyMatch(mentions::column);
		return namedIn(mentions) && !knows && !mentions.schema(OwnSchema.NAME) && !text.contains(OwnStatements.MARK);
	}

	/**
	 * What goes, for messages.
	 * @return such as {@code public.users.username}
	 */
	public String describe() {
		return this.columns.isEmpty() ? this.table.toString()
				: this.table + "." + String.join(", " + this.table + ".", this.columns);
	}

}
