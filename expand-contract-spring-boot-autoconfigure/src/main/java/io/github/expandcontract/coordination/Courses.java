package io.github.expandcontract.coordination;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.change.AddColumn;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeType;
import io.github.expandcontract.change.ChangeVisitor;
import io.github.expandcontract.change.DropColumn;
import io.github.expandcontract.change.DropTable;
import io.github.expandcontract.change.RenameColumn;
import io.github.expandcontract.change.RenameInPlace;
import io.github.expandcontract.change.ReshapeColumns;
import io.github.expandcontract.change.TableChange;
import io.github.expandcontract.phase.FleetMember;
import io.github.expandcontract.phase.PhaseStore;
import io.github.expandcontract.postgres.Ddl;

/**
 * Chooses how a change is taken through the phases: the one place that knows the ways. A
 * change has one course for the life of the instance, which may remember what it has
 * asked for.
 */
public final class Courses {

	private final Tools tools;

	private final Map<Change, Course> courses = new ConcurrentHashMap<>();

	private final ChangeVisitor<Course> choice = new Choice();

	/**
	 * Creates the courses.
	 * @param store the rows of the fleet
	 * @param member this instance
	 * @param ddl where statements on the schema run
	 * @param backfill the backfill
	 * @param settings how moves are made
	 */
	public Courses(PhaseStore store, FleetMember member, Ddl ddl, Backfill backfill, CoordinationSettings settings) {
		this.tools = new Tools(store, member, ddl, backfill, settings, new Recent());
	}

	/**
	 * What fills the rows of the changes.
	 */
	Backfill backfill() {
		return this.tools.backfill();
	}

	Course of(Change change) {
		// One for each change, because it keeps what it has asked the server of
		// definitions
		return this.courses.computeIfAbsent(change, (missing) -> missing.accept(this.choice));
	}

	private final class Choice implements ChangeVisitor<Course> {

		@Override
		public Course rename(RenameColumn change) {
			return new ColumnCourse(change, Courses.this.tools);
		}

		@Override
		public Course renameInPlace(RenameInPlace change) {
			return new InPlaceCourse(change, Courses.this.tools);
		}

		@Override
		public Course changeType(ChangeType change) {
			return new ColumnCourse(change, Courses.this.tools);
		}

		@Override
		public Course addColumn(AddColumn change) {
			return new AddColumnCourse(change, Courses.this.tools);
		}

		@Override
		public Course tableChange(TableChange change) {
			return new TableCourse(change, Courses.this.tools);
		}

		@Override
		public Course dropColumn(DropColumn change) {
			return new DropColumnCourse(change, Courses.this.tools);
		}

		@Override
		public Course dropTable(DropTable change) {
			return new DropTableCourse(change, Courses.this.tools);
		}

		@Override
		public Course reshape(ReshapeColumns change) {
			return new ReshapeCourse(change, Courses.this.tools);
		}

	}

}
