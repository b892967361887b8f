package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import io.github.expandcontract.Phase;
import io.github.expandcontract.SyncMode;
import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.Conversion;
import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.change.RowChange;
import io.github.expandcontract.postgres.TableName;

/**
 * The changes whose new columns follow from several others, or replace nothing: a name is
 * split, an address is merged, and columns are added that must be filled.
 */
final class FilledSchema {

	static final TableName MEMBERS = new TableName("public", "members");

	static final TableName PLACES = new TableName("public", "places");

	static final ReshapeColumns SPLIT = new ReshapeColumns("members-given", MEMBERS,
			List.of(new ReshapeColumns.Former("full_name",
					conversion("nullif(concat_ws(' ', given, family), '')", "given", "family"))),
			List.of(new ReshapeColumns.Part("given", "text", conversion("split_part(full_name, ' ', 1)", "full_name")),
					new ReshapeColumns.Part("family", "text",
							conversion("nullif(split_part(full_name, ' ', 2), '')", "full_name"))),
			"Member.given");

	static final ReshapeColumns MERGED = new ReshapeColumns("places-address", PLACES,
			List.of(new ReshapeColumns.Former("street", conversion("split_part(address, ', ', 1)", "address")),
					new ReshapeColumns.Former("city", conversion("split_part(address, ', ', 2)", "address"))),
			List.of(new ReshapeColumns.Part("address", "text", conversion("street || ', ' || city", "street", "city"))),
			"Place.address");

	static final AddColumn DOMAIN = new AddColumn("members-domain", MEMBERS, "domain", "text",
			conversion("coalesce(split_part(email, '@', 2), 'none')", "email"), null, "Member.domain");

	static final AddColumn TIER = new AddColumn("members-tier", MEMBERS, "tier", "text",
			conversion("CASE WHEN age >= 30 THEN 'gold' ELSE 'basic' END", "age"), "'basic'", "Member.tier");

	static final AddColumn STATE = new AddColumn("places-state", PLACES, "state", "varchar(20)",
			conversion("CASE WHEN zip IS NULL THEN 'none' ELSE 'closed' END", "zip"), "'open'", "Place.state");

	static final List<RowChange> CHANGES = List.of(SPLIT, DOMAIN, TIER, MERGED, STATE);

	private FilledSchema() {
	}

	/**
	 * An expression in which each of these names is that of a column.
	 */
	private static Conversion conversion(String text, String... columns) {
		List<String> named = new ArrayList<>();
		List<String> parts = new ArrayList<>();
		int end = 0;
		Matcher matcher = Pattern.compile("\\b(" + String.join("|", columns) + ")\\b").matcher(text);
		while (matcher.find()) {
			named.add(matcher.group());
			parts.add(text.substring(end, matcher.start()));
			end = matcher.end();
		}
		parts.add(text.substring(end));
		return new Conversion(text, named, parts);
	}

	static List<ColumnRule> rules(Phase phase, SyncMode sync) {
		return CHANGES.stream().flatMap((change) -> ColumnRule.of(change, phase, sync).stream()).toList();
	}

}
