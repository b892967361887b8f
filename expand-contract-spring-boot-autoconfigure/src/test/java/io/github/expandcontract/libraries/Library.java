package io.github.expandcontract.libraries;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

import io.github.expandcontract.SyncMode;

/**
 * The application that a subclass of the suite runs against.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
public @interface Library {

	/**
	 * The class with the application's beans, in a package of its own.
	 * @return the class
	 */
	Class<?> value();

	/**
	 * What keeps the columns in step.
	 * @return the mode
	 */
	SyncMode sync() default SyncMode.BOTH;

	/**
	 * The auto-configurations that the library brings; those of the others are excluded.
	 * @return the classes
	 */
	Class<?>[] autoConfigurations() default {};

	/**
	 * Properties of the application.
	 * @return name and value, joined by an equals sign
	 */
	String[] properties() default {};

}
