package io.github.expandcontract.sample.demo;

/**
 * A user as one of the releases shows it.
 *
 * @param id the key
 * @param handle the handle, or the username
 * @param email the address
 * @param visits how often the user signed in
 */
record Seen(long id, String handle, String email, int visits) {

}
