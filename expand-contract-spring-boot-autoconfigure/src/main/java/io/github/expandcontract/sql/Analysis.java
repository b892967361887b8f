package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.Phase;
import io.github.expandcontract.postgres.Identifiers;
import io.github.expandcontract.postgres.Tokens;

/**
 * What is known of one statement while it is rewritten. How a table is read is settled
 * only when all of the statement has been seen, so the edits of reads wait until then.
 */
final class Analysis {

	/**
	 * Stands for a value in the expressions of a change.
	 */
	static final String MARK = "\u0001";

	private final Tokens tokens;

	private final Changes changes;

	private final Account account;

	private final Edits edits;

	private final List<Runnable> pending = new ArrayList<>();

	private final List<Source> sources = new ArrayList<>();

	private final IdentityHashMap<Element.Reference, Read> reads = new IdentityHashMap<>();

	private final IdentityHashMap<Element.Reference, String> qualifiers = new IdentityHashMap<>();

	private boolean returnsKeys;

	Analysis(Tokens tokens, Changes changes, Account account) {
		this.tokens = tokens;
		this.changes = changes;
		this.account = account;
		this.edits = new Edits(tokens);
	}

	Tokens tokens() {
		return this.tokens;
	}

	Changes changes() {
		return this.changes;
	}

	Account account() {
		return this.account;
	}

	Edits edits() {
		return this.edits;
	}

	String name(int token) {
		return this.tokens.get(token).name();
	}

	/**
	 * The text of tokens as it was written.
	 */
	String text(int first, int last) {
		return this.tokens.source().substring(this.tokens.get(first).start(), this.tokens.get(last).end());
	}

	RefusalException refuse(int token, String reason, String action) {
		return new RefusalException(this.tokens.get(token).start(), reason, action);
	}

	/**
	 * The refusal of a name that is not one of the final schema.
	 */
	RefusalException forbidden(int token, ColumnRule rule) {
		List<String> instead = rule.column().instead();
		return forbidden(token, rule,
				instead.isEmpty()
						? "Leave it out, or go back to the phase '" + Phase.BACKFILL.propertyName()
								+ "', in which statements may still name it."
						: "Name " + instead.stream().map(Identifiers::quote).collect(Collectors.joining(" and "))
								+ " instead; statements are written against the final schema in every phase.");
	}

	RefusalException forbidden(int token, ColumnRule rule, String action) {
		return refuse(token, "The statement names the column " + Identifiers.quote(name(token)) + " of table "
				+ rule.change().table().quoted() + ", which goes away by the change '" + rule.change().id() + "'.",
				action);
	}

	void returnsKeys() {
		this.returnsKeys = true;
	}

	void register(Source source) {
		this.sources.add(source);
	}

	/**
	 * Has an edit made when all of the statement has been seen.
	 */
	void later(Runnable edit) {
		this.pending.add(edit);
	}

	void read(Read read) {
		this.reads.put(read.reference(), read);
		later(() -> {
			if (read.changes()) {
				replaceRead(read);
			}
		});
	}

	/**
	 * The changing column that a reference was found to be.
	 */
	@Nullable Read readOf(Element.@Nullable Reference reference) {
		return (reference != null) ? this.reads.get(reference) : null;
	}

	private void replaceRead(Read read) {
		Element.Reference reference = read.reference();
		String plain = read.plainColumn();
		if (plain != null) {
			this.edits.replace(reference.last(), reference.last(),
					this.qualifiers.getOrDefault(reference, "") + columnName(read.rule(), plain, reference.last()));
		}
		else {
			this.edits.replace(reference.first(), reference.last(), text(read, read.reading()));
		}
	}

	/**
	 * The text by which a reference is read.
	 */
	String text(Read read, Reading reading) {
		Element.Reference reference = read.reference();
		String qualifier = qualifier(reference);
		return read.table()
			.expression(read.rule(), reading, read.missing(),
					(column) -> qualifier + columnName(read.rule(), column, reference.last()));
	}

	/**
	 * The text of the old column, without a conversion.
	 */
	String oldText(Element.Reference reference, ColumnRule rule) {
		return qualifier(reference) + columnName(rule, rule.oldColumn(), reference.last());
	}

	/**
	 * Has the name of its table written before a reference, where the name of a column
	 * that is read in its place would mean something else alone.
	 */
	void qualify(Element.Reference reference, String alias) {
		this.qualifiers.put(reference, Names.write(alias) + ".");
	}

	private String qualifier(Element.Reference reference) {
		String added = this.qualifiers.get(reference);
		return (added != null) ? added : this.tokens.source()
			.substring(this.tokens.get(reference.first()).start(), this.tokens.get(reference.last()).start());
	}

	/**
	 * A column's name in the manner in which the statement wrote another one of the rule.
	 */
	String columnName(ColumnRule rule, String column, int token) {
		return column.equals(rule.name()) ? this.tokens.text(token) : Names.writeLike(column, this.tokens.get(token));
	}

	/**
	 * Makes the edits of reads and draws the sum.
	 */
	Rewriting finish() {
		DerivedTables derivedTables = new DerivedTables(this);
		this.sources.stream().filter(Source::isDerived).forEach(derivedTables::replace);
		this.pending.forEach(Runnable::run);
		return this.edits.isEmpty() ? new Rewriting.Untouched() : this.edits.apply(this.returnsKeys);
	}

}
