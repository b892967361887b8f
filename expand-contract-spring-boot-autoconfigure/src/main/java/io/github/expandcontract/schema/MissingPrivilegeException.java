package io.github.expandcontract.schema;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

import io.github.expandcontract.change.Change;

/**
 * The database user may not do what the change needs; the action holds the exact
 * statements that let it.
 */
public class MissingPrivilegeException extends UnsupportedChangeException {

	private final Set<String> statements;

	MissingPrivilegeException(Change change, String reason, Collection<String> statements) {
		super(change, reason, action(statements));
		this.statements = new LinkedHashSet<>(statements);
	}

	private MissingPrivilegeException(String description, Set<String> statements, Throwable cause) {
		super(description, action(statements), cause);
		this.statements = statements;
	}

	private static String action(Collection<String> statements) {
		return "Run as a superuser or the owner: " + String.join("; ", statements) + ";";
	}

	/**
	 * What is missing for several changes, so that it can be given at once.
	 * @param missing what is missing for each, at least one
	 * @return one that holds all statements
	 */
	public static MissingPrivilegeException together(List<MissingPrivilegeException> missing) {
		if (missing.size() == 1) {
			return missing.get(0);
		}
		Set<String> statements = new LinkedHashSet<>();
		missing.forEach((each) -> statements.addAll(each.statements));
		return new MissingPrivilegeException(
				missing.stream().map(MissingPrivilegeException::getDescription).collect(Collectors.joining("\n")),
				statements, missing.get(0));
	}

}
