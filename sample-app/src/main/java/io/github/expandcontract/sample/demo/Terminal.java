package io.github.expandcontract.sample.demo;

import java.io.Console;

/**
 * Finds out where the output goes.
 */
final class Terminal {

	private Terminal() {
	}

	/**
	 * Whether someone watches on a terminal. Java 22 and later have a console even where
	 * there is no terminal, and a method to tell.
	 * @return whether a line can be written over
	 */
	@SuppressWarnings("SystemConsoleNull")
	static boolean isOutput() {
		Console console = System.console();
		if (console == null) {
			return false;
		}
		try {
			return (boolean) Console.class.getMethod("isTerminal").invoke(console);
		}
		catch (ReflectiveOperationException ex) {
			return true;
		}
	}

}
