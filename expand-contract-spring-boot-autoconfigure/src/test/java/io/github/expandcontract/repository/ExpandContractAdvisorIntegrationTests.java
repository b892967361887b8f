package io.github.expandcontract.repository;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import java.util.stream.Stream;

import javax.sql.DataSource;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;
import org.springframework.data.annotation.Id;
import org.springframework.data.jdbc.repository.config.AbstractJdbcConfiguration;
import org.springframework.data.jdbc.repository.config.EnableJdbcRepositories;
import org.springframework.data.jdbc.repository.query.Modifying;
import org.springframework.data.jdbc.repository.query.Query;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.repository.CrudRepository;
import org.springframework.data.repository.ListCrudRepository;
import org.springframework.jdbc.core.namedparam.NamedParameterJdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

import io.github.expandcontract.ExpandContractRepository;
import io.github.expandcontract.Phase;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.AdmissionTimeoutException;
import io.github.expandcontract.phase.CallScope;
import io.github.expandcontract.testing.TestDatabase;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/**
 * Which calls are admitted and until when they count, in a real application context.
 */
class ExpandContractAdvisorIntegrationTests {

	private final AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext(
			Application.class);

	private final Admission admission = this.context.getBean(Admission.class);

	private final TransactionTemplate transaction = new TransactionTemplate(
			this.context.getBean(PlatformTransactionManager.class));

	@AfterEach
	void close() {
		assertThat(CallScope.currentTicket()).isNull();
		assertThat(TransactionSynchronizationManager.getResourceMap()).isEmpty();
		assertThat(this.admission.open()).isZero();
		this.context.close();
	}

	@Test
	void admitsEveryMethodOfASpringDataRepository() {
		UserRepository repository = this.context.getBean(UserRepository.class);
		Calls calls = this.context.getBean(Calls.class);
		calls.expectScope("save", () -> repository.save(new User(null, "a")));
		calls.expectScope("saveAll", () -> repository.saveAll(List.of(new User(null, "b"), new User(null, "c"))));
		calls.expectScope("findById", () -> assertThat(repository.findById(1L)).isPresent());
		calls.expectScope("findAll", () -> assertThat(repository.findAll()).hasSize(3));
		calls.expectScope("derived", () -> assertThat(repository.findByName("a")).isPresent());
		calls.expectScope("query", () -> assertThat(repository.rename("a", "z")).isOne());
		calls.expectScope("default", () -> assertThat(repository.twice("z")).hasSize(2));
		calls.expectScope("deleteById", () -> repository.deleteById(1L));
		calls.expectNoScope("other", () -> this.context.getBean(PlainRepository.class).findAll());
	}

	@Test
	void admitsClassesAndClassesBehindAnInterface() {
		Probe probe = new Probe(this.admission);
		assertThat(this.context.getBean("annotatedClass", AnnotatedClass.class).call(probe)).isEqualTo(1);
		assertThat(this.context.getBean(SubClass.class).call(probe)).isEqualTo(1);
		assertThat(this.context.getBean(AnnotatedInterface.class).call(probe)).isEqualTo(1);
		assertThat(this.context.getBean(PlainClass.class).call(probe)).isZero();
	}

	@Test
	void doesNotAdviseMethodsOfObject() {
		AnnotatedClass bean = this.context.getBean("annotatedClass", AnnotatedClass.class);
		this.admission.hold();
		assertThat(bean.toString()).isNotNull();
		assertThat(List.of(bean)).contains(bean);
		this.admission.release();
	}

	@Test
	void aCallWithinACallIsNotAdmittedAgain() {
		AnnotatedClass bean = this.context.getBean("annotatedClass", AnnotatedClass.class);
		Probe probe = new Probe(this.admission);
		int open = this.context.getBean(SubClass.class).with(() -> {
			this.admission.hold();
			try {
				return bean.call(probe);
			}
			finally {
				this.admission.release();
			}
		});
		assertThat(open).isEqualTo(1);
	}

	@Test
	void aTransactionIsAdmittedOnceAndCountsUntilItsEnd() {
		AnnotatedClass bean = this.context.getBean("annotatedClass", AnnotatedClass.class);
		Probe probe = new Probe(this.admission);
		this.transaction.executeWithoutResult((status) -> {
			assertThat(this.admission.open()).isZero();
			bean.call(probe);
			assertThat(CallScope.currentTicket()).isNull();
			assertThat(this.admission.open()).isOne();
			publish(Phase.DUAL_WRITE);
			assertThat(this.admission.drained()).isFalse();
			assertThat(bean.phase()).isNull();
			this.admission.hold();
			assertThat(bean.call(probe)).isOne();
			assertThat(this.admission.idle()).isFalse();
		});
		assertThat(this.admission.drained()).isTrue();
		assertThat(this.admission.idle()).isTrue();
		this.admission.release();
		assertThat(bean.phase()).isEqualTo(Phase.DUAL_WRITE);
	}

	@Test
	void aRolledBackTransactionIsReleased() {
		AnnotatedClass bean = this.context.getBean("annotatedClass", AnnotatedClass.class);
		assertThatExceptionOfType(IllegalStateException.class)
			.isThrownBy(() -> this.transaction.executeWithoutResult((status) -> {
				bean.call(new Probe(this.admission));
				throw new IllegalStateException("rolled back");
			}));
		assertThat(this.admission.open()).isZero();
	}

	@Test
	void aTransactionWithinAnotherIsNotHeld() {
		AnnotatedClass bean = this.context.getBean("annotatedClass", AnnotatedClass.class);
		Probe probe = new Probe(this.admission);
		TransactionTemplate inner = new TransactionTemplate(this.context.getBean(PlatformTransactionManager.class));
		for (int propagation : new int[] { TransactionDefinition.PROPAGATION_REQUIRES_NEW,
				TransactionDefinition.PROPAGATION_NOT_SUPPORTED, TransactionDefinition.PROPAGATION_NESTED }) {
			inner.setPropagationBehavior(propagation);
			this.transaction.executeWithoutResult((status) -> {
				bean.call(probe);
				this.admission.hold();
				inner.executeWithoutResult((innerStatus) -> assertThat(bean.call(probe)).isOne());
				assertThat(bean.call(probe)).isOne();
				this.admission.release();
			});
			assertThat(this.admission.open()).isZero();
		}
	}

	@Test
	void anInnerTransactionThatCameFirstIsReleasedWithItself() {
		AnnotatedClass bean = this.context.getBean("annotatedClass", AnnotatedClass.class);
		TransactionTemplate inner = new TransactionTemplate(this.context.getBean(PlatformTransactionManager.class));
		inner.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
		this.transaction.executeWithoutResult((status) -> {
			inner.executeWithoutResult((innerStatus) -> bean.call(new Probe(this.admission)));
			assertThat(this.admission.open()).isZero();
			bean.call(new Probe(this.admission));
			assertThat(this.admission.open()).isOne();
		});
	}

	@Test
	void aTransactionThatTheCallBeginsHasEndedBeforeItsTicket() {
		AnnotatedClass bean = this.context.getBean("annotatedClass", AnnotatedClass.class);
		int[] openAfterCommit = new int[1];
		bean.inTransaction(() -> {
			assertThat(TransactionSynchronizationManager.isActualTransactionActive()).isTrue();
			TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

				@Override
				public void afterCompletion(int status) {
					openAfterCommit[0] = ExpandContractAdvisorIntegrationTests.this.admission.open();
				}

			});
		});
		assertThat(openAfterCommit[0]).isOne();
	}

	@Test
	void callsAfterTheEndOfATransactionAreReleased() {
		AnnotatedClass bean = this.context.getBean("annotatedClass", AnnotatedClass.class);
		int[] calls = new int[1];
		this.transaction.executeWithoutResult(
				(status) -> TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {

					@Override
					public void afterCommit() {
						calls[0] += bean.call(new Probe(ExpandContractAdvisorIntegrationTests.this.admission));
					}

					@Override
					public void afterCompletion(int completion) {
						calls[0] += bean.call(new Probe(ExpandContractAdvisorIntegrationTests.this.admission));
					}

				}));
		assertThat(calls[0]).isGreaterThanOrEqualTo(2);
		assertThat(this.admission.open()).isZero();
	}

	@Test
	void newCallsWaitForTheEndOfAHold() throws Exception {
		AnnotatedClass bean = this.context.getBean("annotatedClass", AnnotatedClass.class);
		this.admission.hold();
		assertThatExceptionOfType(AdmissionTimeoutException.class)
			.isThrownBy(() -> bean.call(new Probe(this.admission)));
		CompletableFuture<Integer> waiting = CompletableFuture.supplyAsync(() -> bean.call(new Probe(this.admission)));
		this.admission.release();
		assertThat(get(waiting)).isOne();
	}

	private static int get(CompletableFuture<Integer> future) throws InterruptedException, ExecutionException {
		try {
			return future.get(30, TimeUnit.SECONDS);
		}
		catch (TimeoutException ex) {
			throw new AssertionError("The call did not go on", ex);
		}
	}

	private void publish(Phase phase) {
		this.admission.publish(Map.of("users-handle", phase), Map.of("users-handle", 1L));
	}

	record Probe(Admission admission) {

		int open() {
			return (CallScope.currentTicket() != null) ? this.admission.open() : 0;
		}

	}

	@Table("users")
	record User(@Id Long id, String name) {
	}

	@ExpandContractRepository
	interface UserRepository extends ListCrudRepository<User, Long> {

		Optional<User> findByName(String name);

		@Modifying
		@Query("UPDATE users SET name = :to WHERE name = :from")
		int rename(String from, String to);

		default List<User> twice(String name) {
			return Stream.of(findByName(name), findByName(name)).flatMap(Optional::stream).toList();
		}

	}

	interface PlainRepository extends CrudRepository<User, Long> {

	}

	@ExpandContractRepository
	static class AnnotatedClass {

		int call(Probe probe) {
			return probe.open();
		}

		Phase phase() {
			return CallScope.currentTicket().snapshot().phases().get("users-handle");
		}

		@Transactional(propagation = Propagation.REQUIRED)
		void inTransaction(Runnable work) {
			work.run();
		}

		int with(IntSupplier work) {
			return work.getAsInt();
		}

	}

	static class SubClass extends AnnotatedClass {

	}

	@ExpandContractRepository
	interface AnnotatedInterface {

		int call(Probe probe);

	}

	static class Implementation implements AnnotatedInterface {

		@Override
		public int call(Probe probe) {
			return probe.open();
		}

	}

	static class PlainClass {

		int call(Probe probe) {
			return probe.open();
		}

	}

	/**
	 * Sees whether connections are taken within a call.
	 */
	static final class Calls {

		private int within;

		private int outside;

		void connection() {
			if (CallScope.currentTicket() != null) {
				this.within++;
			}
			else {
				this.outside++;
			}
		}

		void expectScope(String name, Runnable work) {
			this.within = 0;
			this.outside = 0;
			work.run();
			assertThat(this.within).as(name).isPositive();
			assertThat(this.outside).as(name).isZero();
		}

		void expectNoScope(String name, Runnable work) {
			this.within = 0;
			this.outside = 0;
			work.run();
			assertThat(this.outside).as(name).isPositive();
			assertThat(this.within).as(name).isZero();
		}

	}

	@Configuration(proxyBeanMethods = false)
	@EnableTransactionManagement(proxyTargetClass = true)
	@EnableJdbcRepositories(considerNestedRepositories = true)
	static class Application extends AbstractJdbcConfiguration {

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static Admission admission() {
			return new Admission(Duration.ofMillis(300));
		}

		@Bean
		@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
		static ExpandContractAdvisor advisor(Admission admission) {
			return new ExpandContractAdvisor(admission);
		}

		@Bean
		static Calls calls() {
			return new Calls();
		}

		@Bean
		DataSource dataSource(Calls calls) {
			TestDatabase database = TestDatabase.create();
			database.jdbc().execute("CREATE TABLE users (id bigserial PRIMARY KEY, name text)");
			return new DelegatingDataSource(database.dataSource()) {

				@Override
				public Connection getConnection() throws SQLException {
					calls.connection();
					return super.getConnection();
				}

			};
		}

		@Bean
		JdbcTransactionManager transactionManager(DataSource dataSource) {
			return new JdbcTransactionManager(dataSource);
		}

		@Bean
		NamedParameterJdbcTemplate operations(DataSource dataSource) {
			return new NamedParameterJdbcTemplate(dataSource);
		}

		@Bean
		AnnotatedClass annotatedClass() {
			return new AnnotatedClass();
		}

		@Bean
		SubClass subClass() {
			return new SubClass();
		}

		@Bean
		AnnotatedInterface annotatedInterface() {
			return new Implementation();
		}

		@Bean
		PlainClass plainClass() {
			return new PlainClass();
		}

	}

}
