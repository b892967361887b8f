package io.github.expandcontract.actuate;

import java.util.List;

import org.springframework.boot.actuate.endpoint.OperationResponseBody;

/**
 * What the endpoint shows of everything.
 *
 * @param changes the changes that this application declares
 * @param instances the instances that the database knows
 * @param unannotated statements that name a changing column and came from outside of
 * annotated repositories of this instance
 */
public record OverviewDescriptor(List<ChangeDescriptor> changes, List<InstanceDescriptor> instances,
		List<UnannotatedDescriptor> unannotated) implements OperationResponseBody {

}
