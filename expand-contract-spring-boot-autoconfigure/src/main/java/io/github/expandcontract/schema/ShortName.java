package io.github.expandcontract.schema;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Names of our objects: readable at the front, told apart by a hash at the end, and never
 * longer than PostgreSQL's 63 bytes, beyond which it would cut them in silence.
 */
final class ShortName {

	private static final int LIMIT = 63;

	private ShortName() {
	}

	static String of(String prefix, String readable, String... identity) {
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

	static String hash(String identity) {
		try {
			byte[] digest = MessageDigest.getInstance("SHA-256").digest(identity.getBytes(StandardCharsets.UTF_8));
			return HexFormat.of().formatHex(digest, 0, 5);
		}
		catch (NoSuchAlgorithmException ex) {
			throw new IllegalStateException("Every Java platform has SHA-256", ex);
		}
	}

}
