package io.github.expandcontract.change.outside;

import io.github.expandcontract.RenamedFrom;

public abstract class OutsideBase {

	@RenamedFrom("creator")
	String createdBy;

}
