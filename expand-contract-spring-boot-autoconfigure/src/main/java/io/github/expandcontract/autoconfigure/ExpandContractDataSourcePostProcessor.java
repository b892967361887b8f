package io.github.expandcontract.autoconfigure;

import java.util.function.Supplier;
import java.util.function.UnaryOperator;

import javax.sql.DataSource;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.config.BeanPostProcessor;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.core.Ordered;

/**
 * Puts the rewriting around the application's data source, and around no other. Where it
 * cannot be told which one that is, around none: with a change declared the start fails
 * later on, and without one it is all the same.
 */
class ExpandContractDataSourcePostProcessor implements BeanPostProcessor, Ordered {

	private final ConfigurableListableBeanFactory beanFactory;

	private final @Nullable String property;

	private final Supplier<UnaryOperator<DataSource>> wrapper;

	/**
	 * Creates a post-processor, before any other bean exists.
	 * @param beanFactory the factory of the application
	 * @param property value of {@code expand-contract.data-source}
	 * @param wrapper gives what wraps the data source, asked for when there is one
	 */
	ExpandContractDataSourcePostProcessor(ConfigurableListableBeanFactory beanFactory, @Nullable String property,
			Supplier<UnaryOperator<DataSource>> wrapper) {
		this.beanFactory = beanFactory;
		this.property = property;
		this.wrapper = wrapper;
	}

	@Override
	public Object postProcessAfterInitialization(Object bean, String beanName) {
		if (bean instanceof DataSource dataSource && isSelected(beanName)) {
			return this.wrapper.get().apply(dataSource);
		}
		return bean;
	}

	private boolean isSelected(String beanName) {
		return DataSourceSelection.isSelected(this.beanFactory, this.property, beanName);
	}

	@Override
	public int getOrder() {
		return LOWEST_PRECEDENCE;
	}

}
