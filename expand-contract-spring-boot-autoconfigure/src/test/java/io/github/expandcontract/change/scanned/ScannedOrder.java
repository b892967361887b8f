package io.github.expandcontract.change.scanned;

import org.springframework.data.annotation.Id;

import io.github.expandcontract.change.outside.OutsideBase;

public class ScannedOrder extends OutsideBase {

	@Id
	Long id;

}
