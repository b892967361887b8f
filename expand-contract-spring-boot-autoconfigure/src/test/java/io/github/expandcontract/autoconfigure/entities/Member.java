package io.github.expandcontract.autoconfigure.entities;

import org.springframework.data.annotation.Id;

import io.github.expandcontract.RenamedFrom;

public record Member(@Id Long id, @RenamedFrom("username") String loginName) {
}
