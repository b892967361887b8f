package io.github.expandcontract.sample;

/**
 * What a client says about a user.
 *
 * @param handle the unique name
 * @param email the address
 */
record NewUser(String handle, String email) {

}
