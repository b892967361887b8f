package io.github.expandcontract.postgres;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names of our objects: readable at the front, told apart by a hash at the end, and never
 * longer than PostgreSQL's 63 bytes, beyond which it would cut them in silence.
 */
public final class ShortName {

	private static final int LIMIT = 63;

	private ShortName() {
	}

	/**
	 * A name that nothing else has.
	 * @param prefix what it begins with
	 * @param readable what it is about, cut where it is too long
	 * @param identity what it belongs to, and nothing else does
	 * @return the name
	 */
	public static String of(String prefix, String readable, String... identity) {
		String tail = "_" + hash(String.join("\0", identity));
		int room = LIMIT - tail.length();
		StringBuilder front = new StringBuilder();
		int[] points = (prefix + readable).codePoints().toArray();
		int bytes = 0;
		for (int point : points) {
			bytes += Character.toString(point).getBytes(StandardCharsets.UTF_8).length;
			if (bytes > room) {
				break;
			}
			front.appendCodePoint(point);
		}
		return front + tail;
	}

	/**
	 * A name that is what it is made of, unless that is too long.
	 * @param prefix what it begins with
	 * @param readable what comes then
	 * @return both together, or the beginning and a hash
	 */
	public static String plain(String prefix, String readable) {
		String name = prefix + readable;
		return (name.getBytes(StandardCharsets.UTF_8).length <= LIMIT) ? name : of(prefix, readable, readable);
	}

	/**
	 * Tells texts apart.
	 * @param identity a text
	 * @return ten hexadecimal digits
	 */
	public static String hash(String identity) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest, 0, 5);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
