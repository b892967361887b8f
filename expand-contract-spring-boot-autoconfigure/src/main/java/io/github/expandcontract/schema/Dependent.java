package io.github.expandcontract.schema;

/**
 * Something in the database that hangs on a changing column.
 *
 * @param kind what it is, such as {@code function} or {@code view}
 * @param identity its name as {@code pg_describe_object} or the catalog gives it
 * @param definition its definition, or what is to know about it
 * @param blocking whether it would break at CONTRACT, or keep it from coming through;
 * else it is carried along
 */
public record Dependent(String kind, String identity, String definition, boolean blocking) {

}
