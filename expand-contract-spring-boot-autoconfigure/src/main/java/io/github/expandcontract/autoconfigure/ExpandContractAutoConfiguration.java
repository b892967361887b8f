package io.github.expandcontract.autoconfigure;

import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import io.github.expandcontract.UnannotatedAccess;
import io.github.expandcontract.backfill.Backfill;
import io.github.expandcontract.backfill.BackfillSettings;
import io.github.expandcontract.backfill.BackfillThrottle;
import io.github.expandcontract.coordination.CoordinationSettings;
import io.github.expandcontract.coordination.Coordinator;
import io.github.expandcontract.coordination.Courses;
import io.github.expandcontract.coordination.Engine;
import io.github.expandcontract.coordination.InstanceReports;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.coordination.Startup;
import io.github.expandcontract.jdbc.ExpandContractDataSource;
import io.github.expandcontract.jdbc.StatementCounts;
import io.github.expandcontract.jdbc.StatementInterceptor;
import io.github.expandcontract.jdbc.StatementListener;
import io.github.expandcontract.jdbc.UnannotatedStatements;
import io.github.expandcontract.phase.Admission;
import io.github.expandcontract.phase.FleetMember;
import io.github.expandcontract.phase.PhaseStore;
import io.github.expandcontract.postgres.Ddl;
import io.github.expandcontract.postgres.LockRetry;
import io.github.expandcontract.postgres.OwnStatements;
import io.github.expandcontract.repository.ExpandContractAdvisor;

import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBooleanProperty;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.jdbc.autoconfigure.DataSourceAutoConfiguration;
import org.springframework.boot.sql.init.dependency.DatabaseInitializationDependencyConfigurer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.DependsOn;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.Lazy;
import org.springframework.context.annotation.Role;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcOperations;

/**
 * Auto-configuration of expand-contract: the rewriting around the data source, the aspect
 * around annotated repositories, the hook after the migrations, and the work in the
 * background.
 */
@AutoConfiguration(after = DataSourceAutoConfiguration.class,
		afterName = "org.springframework.boot.flyway.autoconfigure.FlywayAutoConfiguration")
@ConditionalOnClass(JdbcOperations.class)
@ConditionalOnBean(DataSource.class)
@ConditionalOnBooleanProperty(name = "expand-contract.enabled", matchIfMissing = true)
@EnableConfigurationProperties(ExpandContractProperties.class)
@Import(DatabaseInitializationDependencyConfigurer.class)
public final class ExpandContractAutoConfiguration {

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ExpandContractDataSourcePostProcessor expandContractDataSourcePostProcessor(
			ConfigurableListableBeanFactory beanFactory, Environment environment,
			ObjectProvider<StatementInterceptor> interceptor) {
		return new ExpandContractDataSourcePostProcessor(beanFactory,
				environment.getProperty("expand-contract.data-source"), () -> wrapper(interceptor.getObject()));
	}

	private static UnaryOperator<DataSource> wrapper(StatementInterceptor interceptor) {
		return (target) -> new ExpandContractDataSource(target, interceptor);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static ExpandContractAdvisor expandContractAdvisor(Admission admission) {
		return new ExpandContractAdvisor(admission);
	}

	@Bean
	@Role(BeanDefinition.ROLE_INFRASTRUCTURE)
	static Admission expandContractAdmission(Environment environment) {
		// The advisor needs it before beans of properties can be post-processed.
		return new Admission(Binder.get(environment)
			.bindOrCreate("expand-contract", ExpandContractProperties.class)
			.admissionTimeout());
	}

	@Bean
	static StatementCounts expandContractStatementCounts() {
		return new StatementCounts();
	}

	@Bean
	static UnannotatedStatements expandContractUnannotatedStatements() {
		return new UnannotatedStatements();
	}

	@Bean
	static StatementInterceptor expandContractStatementInterceptor(Admission admission, StatementCounts counts,
			UnannotatedStatements unannotated) {
		return new StatementInterceptor(admission, StatementListener.all(counts, unannotated));
	}

	@Bean
	@Lazy
	ControlDataSource expandContractControlDataSource(ConfigurableListableBeanFactory beanFactory,
			ExpandContractProperties properties) {
		// Found through a provider, and yet to be closed after all that use it: an
		// instance that ends deregisters itself.
		beanFactory.registerDependentBean("expandContractControlDataSource", "expandContractControlConnections");
		String name = DataSourceSelection.select(beanFactory, properties.dataSource()).orElseThrow();
		DataSource application = beanFactory.getBean(name, DataSource.class);
		return new ControlDataSource(MigrationDataSource.of(beanFactory, application, ExpandContractDataSource.class),
				workers(properties));
	}

	@Bean
	ControlConnections expandContractControlConnections(ConfigurableListableBeanFactory beanFactory,
			ObjectProvider<ControlDataSource> dataSource) {
		// Nothing else tells that the pool has to outlive those who use it, such as the
		// member that withdraws its registration.
		beanFactory.registerDependentBean("expandContractControlDataSource", "expandContractControlConnections");
		return new ControlConnections(new OwnStatements() {

			@Override
			public @Nullable DataSource getTargetDataSource() {
				return dataSource.getObject().dataSource();
			}

		});
	}

	@Bean
	@ConditionalOnMissingBean
	Ddl expandContractDdl(ControlConnections control, ExpandContractProperties properties) {
		LockRetry defaults = LockRetry.defaults();
		return new Ddl(control.dataSource(),
				new LockRetry(properties.lock().timeout(), properties.lock().attempts(), defaults.maxPause()));
	}

	@Bean
	PhaseStore expandContractPhaseStore(ControlConnections control) {
		return new PhaseStore(control.dataSource());
	}

	@Bean
	Backfill expandContractBackfill(ControlConnections control, ExpandContractProperties properties,
			ObjectProvider<BackfillThrottle> throttle) {
		ExpandContractProperties.Backfill backfill = properties.backfill();
		BackfillSettings settings = new BackfillSettings(backfill.batchSize(), backfill.maxBatchSize(),
				backfill.targetBatchTime(), backfill.workers(), BackfillSettings.defaults().rangeLease(),
				backfill.vacuum(), properties.lock().timeout());
		BackfillThrottle own = throttle.getIfUnique();
		return (own != null) ? new Backfill(control.dataSource(), settings, own)
				: new Backfill(control.dataSource(), settings);
	}

	@Bean
	RewritingActivation expandContractRewritingActivation(StatementInterceptor interceptor,
			ExpandContractProperties properties) {
		return new RewritingActivation(interceptor, properties);
	}

	@Bean(destroyMethod = "leave")
	FleetMember expandContractFleetMember(PhaseStore store, Admission admission, RewritingActivation rewriting,
			ExpandContractProperties properties, Environment environment) {
		return new FleetMember(store, admission, instanceName(environment), properties.leaseDuration(),
				properties.heartbeatInterval(), rewriting::refresh);
	}

	@Bean
	Courses expandContractCourses(PhaseStore store, FleetMember member, Ddl ddl, Backfill backfill,
			ExpandContractProperties properties) {
		return new Courses(store, member, ddl, backfill, new CoordinationSettings(properties.sync(),
				properties.cutoverTimeout(), properties.lock().timeout(), properties.rebuildViews()));
	}

	@Bean
	Coordinator expandContractCoordinator(PhaseStore store, FleetMember member, Courses courses) {
		return new Coordinator(store, member, courses);
	}

	@Bean
	Operations expandContractOperations(PhaseStore store, Coordinator coordinator, Courses courses, Backfill backfill) {
		return new Operations(store, coordinator, courses, backfill);
	}

	@Bean
	Startup expandContractStartup(Ddl ddl, PhaseStore store, Courses courses, Backfill backfill, FleetMember member) {
		return new Startup(ddl, store, courses, backfill, member);
	}

	@Bean
	InstanceReports expandContractInstanceReports(FleetMember member, Admission admission, Ddl ddl) {
		return new InstanceReports(member, admission, ddl);
	}

	@Bean
	ExpandContractInitializer expandContractInitializer(ConfigurableListableBeanFactory beanFactory,
			Environment environment, ExpandContractProperties properties, ControlConnections control, Startup startup,
			RewritingActivation rewriting, InstanceReports reports, Operations operations) {
		return new ExpandContractInitializer(new ChangeLauncher(beanFactory, environment, properties,
				control.dataSource(), startup, rewriting, reports, operations)::launch);
	}

	@Bean
	@DependsOn("expandContractInitializer")
	EngineLifecycle expandContractEngineLifecycle(Coordinator coordinator, Courses courses, Admission admission,
			PhaseStore store, RewritingActivation rewriting, InstanceReports reports, UnannotatedStatements unannotated,
			Operations operations, ExpandContractProperties properties) {
		Engine engine = new Engine(coordinator, courses, admission, properties.heartbeatInterval(), workers(properties),
				() -> {
					rewriting.refresh();
					reports.report(operations.declared(), sightings(unannotated, properties.unannotatedAccess()));
					store.forgetDead(properties.leaseDuration().multipliedBy(30));
				});
		return new EngineLifecycle(engine, operations);
	}

	/**
	 * Where such statements are rewritten or refused they are no danger.
	 */
	private static List<InstanceReports.Sighting> sightings(UnannotatedStatements unannotated,
			UnannotatedAccess access) {
		return (access != UnannotatedAccess.WARN) ? List.of() : unannotated.news()
			.stream()
			.map((news) -> new InstanceReports.Sighting(news.sql(), news.mentions(), news.count(), news.lastSeen()))
			.toList();
	}

	private static int workers(ExpandContractProperties properties) {
		return properties.backfill().enabled() ? properties.backfill().workers() : 0;
	}

	private static String instanceName(Environment environment) {
		String application = environment.getProperty("spring.application.name", "application");
		return application + "/" + ManagementFactory.getRuntimeMXBean().getPid() + "@" + hostName();
	}

	private static String hostName() {
		try {
			return InetAddress.getLocalHost().getHostName();
		}
		catch (UnknownHostException ex) {
			return "unknown";
		}
	}

	/**
	 * Carries the data source of our own statements, without being a data source bean
	 * itself. Its pool is made when the first connection is asked for.
	 *
	 * @param dataSource the data source
	 */
	record ControlConnections(DataSource dataSource) {

	}

}
