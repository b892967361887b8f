package io.github.expandcontract.libraries.mybatis;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import io.github.expandcontract.ExpandContractRepository;
import io.github.expandcontract.libraries.Account;
import io.github.expandcontract.libraries.Badge;
import org.apache.ibatis.annotations.Delete;
import org.apache.ibatis.annotations.Insert;
import org.apache.ibatis.annotations.Mapper;
import org.apache.ibatis.annotations.Options;
import org.apache.ibatis.annotations.Param;
import org.apache.ibatis.annotations.Select;
import org.apache.ibatis.annotations.SelectProvider;
import org.apache.ibatis.annotations.Update;
import org.apache.ibatis.cursor.Cursor;
import org.apache.ibatis.jdbc.SQL;
import org.apache.ibatis.session.RowBounds;

/**
 * A mapper with its statements in annotations.
 */
@Mapper
@ExpandContractRepository
interface AccountMapper {

	@Insert("INSERT INTO account (handle, email) VALUES (#{handle}, #{email})")
	@Options(useGeneratedKeys = true, keyProperty = "id")
	void insert(NewAccount account);

	@Insert("""
			<script>
			INSERT INTO account (handle, email) VALUES
			<foreach item="handle" collection="handles" separator=",">(#{handle}, #{handle,jdbcType=VARCHAR})</foreach>
			</script>""")
	int insertAll(@Param("handles") List<String> handles);

	@Select("SELECT * FROM account WHERE id = #{id}")
	Optional<Account> find(long id);

	@Select("SELECT * FROM account WHERE handle = #{handle}")
	Optional<Account> findByHandle(String handle);

	@Select("""
			<script>
			SELECT * FROM account
			<where>
				<if test="handles != null and !handles.isEmpty()">
					handle IN <foreach item="handle" collection="handles" open="(" separator="," close=")">#{handle}</foreach>
				</if>
				<if test="from != null">AND handle &gt;= #{from}</if>
				<if test="to != null">AND handle &lt;= #{to}</if>
			</where>
			</script>""")
	List<Account> search(@Param("handles") Collection<String> handles, @Param("from") String from,
			@Param("to") String to);

	@SelectProvider(AccountSql.class)
	List<Account> findStartingWith(@Param("prefix") String prefix);

	@Select("SELECT * FROM account WHERE handle LIKE CONCAT(#{prefix}, '%') ORDER BY handle DESC LIMIT #{size} OFFSET #{offset}")
	List<Account> page(@Param("prefix") String prefix, @Param("offset") int offset, @Param("size") int size);

	@Select("SELECT * FROM account WHERE handle LIKE CONCAT(#{prefix}::text, '%') ORDER BY ${column}")
	List<Account> bounded(@Param("prefix") String prefix, @Param("column") String column, RowBounds bounds);

	@Select("SELECT handle FROM account WHERE handle LIKE #{pattern} ORDER BY handle")
	List<String> handles(String pattern);

	@Select("SELECT handle FROM account WHERE handle LIKE #{pattern} ORDER BY handle")
	@Options(fetchSize = 1)
	Cursor<String> cursor(String pattern);

	@Select("SELECT count(*) FROM account WHERE handle LIKE #{pattern}")
	long count(String pattern);

	@Select("SELECT EXISTS (SELECT 1 FROM account WHERE handle = #{handle})")
	boolean exists(String handle);

	@Select("""
			SELECT a.handle, count(b.id) AS badges FROM account a INNER JOIN badge b ON b.account = a.id
			WHERE a.handle LIKE #{pattern} GROUP BY a.handle""")
	List<Map<String, Object>> badgeCounts(String pattern);

	@Select("SELECT a.handle AS holder, b.handle FROM account a INNER JOIN badge b ON b.account = a.id WHERE b.handle = #{handle}")
	List<Badge> badges(String handle);

	@Update("""
			UPDATE account SET handle = #{handle,jdbcType=VARCHAR}, email = #{email}, version = version + 1
			WHERE id = #{id} AND version = #{version}""")
	int update(Account account);

	@Update("UPDATE account SET email = #{email} WHERE handle = #{handle}")
	int changeEmail(@Param("handle") String handle, @Param("email") String email);

	@Update("UPDATE account SET handle = #{to} WHERE handle = #{from}")
	int rename(@Param("from") String from, @Param("to") String to);

	@Update("UPDATE account SET handle = NULL WHERE handle = #{handle}")
	int clear(String handle);

	@Insert("""
			INSERT INTO account (handle, email) VALUES (#{handle}, #{email})
			ON CONFLICT (handle) DO UPDATE SET email = EXCLUDED.email""")
	void upsert(@Param("handle") String handle, @Param("email") String email);

	@Delete("DELETE FROM account WHERE handle = #{handle}")
	int delete(String handle);

	/**
	 * Builds a statement in code.
	 */
	final class AccountSql {

		private AccountSql() {
		}

		public static String provideSql() {
			return new SQL().SELECT("id", "handle", "email", "version")
				.FROM("account")
				.WHERE("handle LIKE #{prefix} || '%'")
				.ORDER_BY("handle")
				.toString();
		}

	}

}
