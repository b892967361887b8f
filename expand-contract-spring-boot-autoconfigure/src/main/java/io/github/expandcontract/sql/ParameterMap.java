package io.github.expandcontract.sql;

import java.util.ArrayList;
import java.util.List;

/**
 * Where the parameters of the caller's text stand in the rewritten one. All positions
 * count from 1, as JDBC does.
 */
public final class ParameterMap {

	private final int[] originals;

	private final int[][] physical;

	private final boolean identity;

	private ParameterMap(int[] originals, int[][] physical, boolean identity) {
		this.originals = originals;
		this.physical = physical;
		this.identity = identity;
	}

	/**
	 * Creates a map.
	 * @param count number of parameters in the caller's text
	 * @param originals for each parameter of the rewritten text in its order, the
	 * caller's parameter whose value it takes
	 * @return the map
	 */
	public static ParameterMap of(int count, List<Integer> originals) {
		List<List<Integer>> targets = new ArrayList<>();
		for (int i = 0; i < count; i++) {
			targets.add(new ArrayList<>());
		}
		boolean identity = originals.size() == count;
		for (int i = 0; i < originals.size(); i++) {
			int original = originals.get(i);
			targets.get(original - 1).add(i + 1);
			identity &= original == i + 1;
		}
		int[][] physical = targets.stream()
			.map((list) -> list.stream().mapToInt(Integer::intValue).toArray())
			.toArray(int[][]::new);
		return new ParameterMap(originals.stream().mapToInt(Integer::intValue).toArray(), physical, identity);
	}

	/**
	 * Whether every parameter stands where it stood.
	 * @return whether nothing has to be mapped
	 */
	public boolean isIdentity() {
		return this.identity;
	}

	/**
	 * Number of parameters in the caller's text.
	 * @return the number
	 */
	public int count() {
		return this.physical.length;
	}

	/**
	 * Number of parameters in the rewritten text.
	 * @return the number
	 */
	public int physicalCount() {
		return this.originals.length;
	}

	/**
	 * Where a parameter of the caller stands in the rewritten text.
	 * @param original the caller's parameter
	 * @return its places, empty if the text has lost it or never had it
	 */
	public int[] physical(int original) {
		boolean known = original >= 1 && original <= this.physical.length;
		return known ? this.physical[original - 1].clone() : new int[0];
	}

	/**
	 * Whose value a parameter of the rewritten text takes.
	 * @param physical a place in the rewritten text
	 * @return the caller's parameter
	 */
	public int original(int physical) {
		return this.originals[physical - 1];
	}

}
