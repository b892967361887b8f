package io.github.expandcontract.libraries.mybatis;

import java.util.List;
import java.util.Map;

import io.github.expandcontract.ExpandContractRepository;
import io.github.expandcontract.libraries.Account;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Param;
import org.jspecify.annotations.Nullable;

/**
 * A mapper with its statements in XML.
 */
@Mapper
@ExpandContractRepository
interface AccountXmlMapper {

	int insertAll(List<NewAccount> accounts);

	void insertWithSelectedKey(NewAccount account);

	long insertReturning(NewAccount account);

	int updateSelective(@Param("id") long id, @Param("handle") @Nullable String handle,
			@Param("email") @Nullable String email);

	int updateCases(Map<String, Object> parameters);

	List<Account> choose(@Param("handle") @Nullable String handle, @Param("prefix") @Nullable String prefix);

	List<Holder> holders(String pattern);

	/**
	 * A nested result.
	 */
	class Holder {

		@Nullable String name;

		@Nullable List<String> badges;

	}

}
