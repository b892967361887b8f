package io.github.expandcontract.autoconfigure;

import java.util.List;

import javax.sql.DataSource;

import io.github.expandcontract.change.CatalogTableLookup;
import io.github.expandcontract.change.Change;
import io.github.expandcontract.change.ChangeDeclaration;
import io.github.expandcontract.change.ChangeResolver;
import io.github.expandcontract.coordination.InstanceReports;
import io.github.expandcontract.coordination.Operations;
import io.github.expandcontract.coordination.Startup;
import io.github.expandcontract.jdbc.ExpandContractDataSource;
import io.github.expandcontract.jdbc.SchemaViewReader;
import io.github.expandcontract.schema.Sessions;

import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.datasource.DelegatingDataSource;

/**
 * What happens to the declared changes when the application starts, after the user's
 * migrations. Where none is declared nothing happens, and no connection is opened.
 * <ol>
 * <li>find the declarations and the tables they mean;</li>
 * <li>match them with the phases and strategies that the properties ask for;</li>
 * <li>bring the database to where they begin, and join the fleet;</li>
 * <li>start to rewrite.</li>
 * </ol>
 */
class ChangeLauncher {

	private final ConfigurableListableBeanFactory beanFactory;

	private final Environment environment;

	private final ExpandContractProperties properties;

	private final DataSource control;

	private final Startup startup;

	private final RewritingActivation rewriting;

	private final InstanceReports reports;

	private final Operations operations;

	ChangeLauncher(ConfigurableListableBeanFactory beanFactory, Environment environment,
			ExpandContractProperties properties, DataSource control, Startup startup, RewritingActivation rewriting,
			InstanceReports reports, Operations operations) {
		this.beanFactory = beanFactory;
		this.environment = environment;
		this.properties = properties;
		this.control = control;
		this.startup = startup;
		this.rewriting = rewriting;
		this.reports = reports;
		this.operations = operations;
	}

	void launch() {
		List<ChangeDeclaration> declarations = ChangeDeclarations.of(this.beanFactory, this.environment);
		if (declarations.isEmpty()) {
			ConfiguredChanges.of(this.properties.changes(), List.of());
			return;
		}
		JdbcTemplate application = new JdbcTemplate(plain(applicationDataSource()));
		List<Change> declared = new ChangeResolver(new CatalogTableLookup(application)).resolve(declarations);
		ConfiguredChanges configured = ConfiguredChanges.of(this.properties.changes(), declared);
		List<Change> changes = configured.byStrategy(declared);
		this.startup.run(changes, configured.phases());
		this.rewriting.start(new JdbcTemplate(this.control), SchemaViewReader.searchPath(application), changes);
		this.reports.connectsAs(Sessions.client(application));
		this.operations.declare(changes);
	}

	private DataSource applicationDataSource() {
		String name = DataSourceSelection.select(this.beanFactory, this.properties.dataSource()).orElseThrow();
		return this.beanFactory.getBean(name, DataSource.class);
	}

	private static DataSource plain(DataSource dataSource) {
		DataSource target = (dataSource instanceof ExpandContractDataSource rewriting)
				? ((DelegatingDataSource) rewriting).getTargetDataSource() : null;
		return (target != null) ? target : dataSource;
	}

}
