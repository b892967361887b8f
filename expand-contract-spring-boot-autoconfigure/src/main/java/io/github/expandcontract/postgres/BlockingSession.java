package io.github.expandcontract.postgres;

import java.time.OffsetDateTime;

import org.jspecify.annotations.Nullable;

/**
 * A session that stood before ours in the queue for a lock, as {@code pg_stat_activity}
 * shows it. What belongs to another role is hidden from roles without
 * {@code pg_read_all_stats}.
 *
 * @param pid its process id
 * @param applicationName its {@code application_name}, or what kind of process it is
 * where it has none, if visible
 * @param state what it was doing, such as {@code idle in transaction}, if visible
 * @param queryStart when its present or last statement began, if visible
 * @param autovacuum whether it is an autovacuum, or, where that is not visible, a vacuum
 * at all
 */
public record BlockingSession(int pid, @Nullable String applicationName, @Nullable String state,
		@Nullable OffsetDateTime queryStart, boolean autovacuum) {

	String describe() {
		StringBuilder text = new StringBuilder("session ").append(this.pid);
		if (this.applicationName != null && !this.applicationName.isEmpty()) {
			text.append(" of '").append(this.applicationName).append('\'');
		}
		if (this.state != null) {
			text.append(", ").append(this.state);
		}
		if (this.queryStart != null) {
			text.append(", last statement begun ").append(this.queryStart);
		}
		return text.toString();
	}

}
