package io.github.expandcontract.libraries.mybatis;

import java.util.List;

import io.github.expandcontract.ExpandContractRepository;
import org.apache.ibatis.session.ExecutorType;
import org.apache.ibatis.session.SqlSession;
import org.apache.ibatis.session.SqlSessionFactory;
import org.mybatis.spring.SqlSessionTemplate;

import org.springframework.transaction.annotation.Transactional;

/**
 * Sends statements as JDBC batches, by a session of its own or with the commit of the
 * transaction.
 */
@ExpandContractRepository
class BatchingAccounts {

	private final SqlSessionFactory factory;

	private final SqlSessionTemplate template;

	BatchingAccounts(SqlSessionFactory factory) {
		this.factory = factory;
		this.template = new SqlSessionTemplate(factory, ExecutorType.BATCH);
	}

	void insertAll(List<String> handles) {
		try (SqlSession session = this.factory.openSession(ExecutorType.BATCH)) {
			AccountMapper mapper = session.getMapper(AccountMapper.class);
			handles.forEach((handle) -> mapper.insert(new NewAccount(handle, null)));
			session.flushStatements();
			handles.forEach((handle) -> mapper.changeEmail(handle, "batch@x"));
			session.commit();
		}
	}

	@Transactional
	void renameAll(List<String> handles, String suffix) {
		AccountMapper mapper = this.template.getMapper(AccountMapper.class);
		handles.forEach((handle) -> mapper.rename(handle, handle + suffix));
	}

}
