package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

import org.jspecify.annotations.Nullable;

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

	RefusalException namesOldColumn(int token, ColumnRule rule) {
		return refuse(token,
				"The statement names the column " + Identifiers.quote(rule.change().oldColumn()) + " of table "
						+ rule.change().table().quoted() + ", which goes away by the change '" + rule.change().id()
						+ "'.",
				"Name " + Identifiers.quote(rule.change().newColumn())
						+ " instead; statements are written against the final schema in every phase.");
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
		if (read.reading() == Reading.OLD && (read.raw() || isIdentity(read.rule()))) {
			this.edits.replace(reference.last(), reference.last(),
					this.qualifiers.getOrDefault(reference, "") + oldName(read.rule(), reference.last()));
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
		return expression(read.rule(), reading, qualifier, this.tokens.text(reference.last()),
				oldName(read.rule(), reference.last()));
	}

	/**
	 * The text of the old column, without a conversion.
	 */
	String oldText(Element.Reference reference, ColumnRule rule) {
		return qualifier(reference) + oldName(rule, reference.last());
	}

	/**
	 * Has the name of its table written before a reference, where the old column's name
	 * alone would mean something else.
	 */
	void qualify(Element.Reference reference, String alias) {
		this.qualifiers.put(reference, Names.write(alias) + ".");
	}

	private String qualifier(Element.Reference reference) {
		String added = this.qualifiers.get(reference);
		return (added != null) ? added : this.tokens.source()
			.substring(this.tokens.get(reference.first()).start(), this.tokens.get(reference.last()).start());
	}

	private String oldName(ColumnRule rule, int token) {
		return Names.writeLike(rule.change().oldColumn(), this.tokens.get(token));
	}

	/**
	 * The text by which a column is read that the statement does not spell out.
	 */
	static String expression(ColumnRule rule, Reading reading, String qualifier) {
		return expression(rule, reading, qualifier, Names.write(rule.change().newColumn()),
				Names.write(rule.change().oldColumn()));
	}

	private static String expression(ColumnRule rule, Reading reading, String qualifier, String newName,
			String oldName) {
		return switch (reading) {
			case NEW -> qualifier + newName;
			case OLD -> rule.change().up(qualifier + oldName);
			case FALLBACK -> "COALESCE(" + qualifier + newName + ", " + rule.change().up(qualifier + oldName) + ")";
		};
	}

	static boolean isIdentity(ColumnRule rule) {
		return rule.change().up(MARK).equals(MARK) && rule.change().down(MARK).equals(MARK);
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
