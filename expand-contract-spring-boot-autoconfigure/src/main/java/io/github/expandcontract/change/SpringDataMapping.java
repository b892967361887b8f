package io.github.expandcontract.change;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

import org.jspecify.annotations.Nullable;

import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.data.annotation.Id;
import org.springframework.data.jdbc.core.dialect.JdbcPostgresDialect;
import org.springframework.data.jdbc.core.mapping.JdbcMappingContext;
import org.springframework.data.jdbc.core.mapping.JdbcSimpleTypes;
import org.springframework.data.mapping.model.SimpleTypeHolder;
import org.springframework.data.relational.core.mapping.AggregatePath;
import org.springframework.data.relational.core.mapping.DefaultNamingStrategy;
import org.springframework.data.relational.core.mapping.NamingStrategy;
import org.springframework.data.relational.core.mapping.RelationalPersistentEntity;
import org.springframework.data.relational.core.mapping.RelationalPersistentProperty;
import org.springframework.data.relational.core.mapping.Table;
import org.springframework.data.relational.core.sql.SqlIdentifier;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The mapping of Spring Data JDBC, built by its own rules but apart from the
 * application's mapping context, which waits for the database to be initialized.
 */
public final class SpringDataMapping extends EntityMapping {

	private static final String JPA_ENTITY = "jakarta.persistence.Entity";

	private final NamingStrategy namingStrategy;

	/**
	 * Creates a mapping.
	 * @param namingStrategy the strategy that the application uses, {@code null} for
	 * Spring Data's own
	 */
	public SpringDataMapping(@Nullable NamingStrategy namingStrategy) {
		this.namingStrategy = (namingStrategy != null) ? namingStrategy : DefaultNamingStrategy.INSTANCE;
	}

	@Override
	List<MappedColumn> columns(Collection<Class<?>> types) {
		Set<Class<?>> roots = new LinkedHashSet<>(types.stream().filter(SpringDataMapping::isEntity).toList());
		if (roots.isEmpty()) {
			return List.of();
		}
		try {
			JdbcMappingContext context = new JdbcMappingContext(this.namingStrategy);
			context.setSimpleTypeHolder(
					new SimpleTypeHolder(JdbcPostgresDialect.INSTANCE.simpleTypes(), JdbcSimpleTypes.HOLDER));
			context.setInitialEntitySet(roots);
			context.initialize();
			Reader reader = new Reader();
			for (Class<?> root : roots) {
				RelationalPersistentEntity<?> entity = context.getRequiredPersistentEntity(root);
				reader.read(context.getAggregatePath(entity), entity, root.getSimpleName(), MappedColumn.Affix.NONE,
						Set.of());
			}
			return reader.columns;
		}
		catch (RuntimeException ex) {
			throw new UnreadableMappingException("Spring Data JDBC", ex);
		}
	}

	private static boolean isEntity(Class<?> type) {
		if (type.isInterface() || Modifier.isAbstract(type.getModifiers())) {
			return false;
		}
		if (AnnotatedElementUtils.hasAnnotation(type, Table.class)) {
			return true;
		}
		return hasId(type) && !isJpaEntity(type);
	}

	private static boolean isJpaEntity(Class<?> type) {
		return ClassUtils.isPresent(JPA_ENTITY, type.getClassLoader())
				&& AnnotatedElementUtils.isAnnotated(type, JPA_ENTITY);
	}

	private static boolean hasId(Class<?> type) {
		List<Field> ids = new ArrayList<>();
		ReflectionUtils.doWithFields(type, ids::add, (field) -> AnnotatedElementUtils.hasAnnotation(field, Id.class));
		return !ids.isEmpty();
	}

	/**
	 * Walks one aggregate after the other.
	 */
	private static final class Reader {

		private final List<MappedColumn> columns = new ArrayList<>();

		void read(AggregatePath parent, RelationalPersistentEntity<?> entity, String owner, MappedColumn.Affix affix,
				Set<Class<?>> outer) {
			Set<Class<?>> within = new LinkedHashSet<>(outer);
			if (!within.add(entity.getType())) {
				return;
			}
			for (RelationalPersistentProperty property : entity) {
				AggregatePath path = parent.append(property);
				String name = owner + "." + property.getName();
				Field field = property.getField();
				if (property.isEmbedded()) {
					MappedColumn.Affix embedding = new MappedColumn.Affix(property.getEmbeddedPrefix(), "");
					read(path, path.getRequiredLeafEntity(), name, embedding.within(affix), within);
				}
				else if (field != null && Declared.on(field) && !isOwnTable(path, property)) {
					// A type that looks like an entity has a column of its own where the
					// application converts it.
					this.columns.add(new MappedColumn(field, name, written(parent.getTableInfo().qualifiedTableName()),
							written(path.getColumnInfo().name()).name(), affix));
				}
				else if (path.isEntity()) {
					RelationalPersistentEntity<?> leaf = path.getRequiredLeafEntity();
					read(path, leaf, leaf.getType().getSimpleName(), MappedColumn.Affix.NONE, within);
				}
			}
		}

		private static boolean isOwnTable(AggregatePath path, RelationalPersistentProperty property) {
			return path.isEntity() && (property.isCollectionLike() || property.isMap());
		}

		private static WrittenName written(SqlIdentifier identifier) {
			return WrittenName.parse(identifier.toSql(JdbcPostgresDialect.INSTANCE.getIdentifierProcessing()));
		}

	}

}
