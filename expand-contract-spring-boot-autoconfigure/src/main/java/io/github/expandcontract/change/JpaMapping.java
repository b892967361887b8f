package io.github.expandcontract.change;

import java.lang.annotation.Annotation;
import java.lang.reflect.Field;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

import jakarta.persistence.Converter;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.MappedSuperclass;
import org.hibernate.annotations.EmbeddedColumnNaming;
import org.hibernate.boot.Metadata;
import org.hibernate.boot.MetadataSources;
import org.hibernate.boot.model.naming.Identifier;
import org.hibernate.boot.model.naming.PhysicalNamingStrategySnakeCaseImpl;
import org.hibernate.boot.registry.StandardServiceRegistry;
import org.hibernate.boot.registry.StandardServiceRegistryBuilder;
import org.hibernate.cfg.MappingSettings;
import org.hibernate.dialect.PostgreSQLDialect;
import org.hibernate.mapping.Column;
import org.hibernate.mapping.Component;
import org.hibernate.mapping.PersistentClass;
import org.hibernate.mapping.Property;
import org.hibernate.mapping.Selectable;
import org.hibernate.mapping.Table;
import org.hibernate.mapping.UnionSubclass;
import org.hibernate.mapping.Value;
import org.jspecify.annotations.Nullable;

import org.springframework.util.ReflectionUtils;

import io.github.expandcontract.postgres.Identifiers;

/**
 * The mapping of JPA, as Hibernate reads it without a database.
 */
public final class JpaMapping extends EntityMapping {

	private static final Set<String> NAMING_SETTINGS = Set.of(MappingSettings.PHYSICAL_NAMING_STRATEGY,
			MappingSettings.IMPLICIT_NAMING_STRATEGY, MappingSettings.DEFAULT_SCHEMA, MappingSettings.DEFAULT_CATALOG,
			MappingSettings.GLOBALLY_QUOTED_IDENTIFIERS,
			MappingSettings.GLOBALLY_QUOTED_IDENTIFIERS_SKIP_COLUMN_DEFINITIONS,
			MappingSettings.KEYWORD_AUTO_QUOTING_ENABLED);

	private static final List<Class<? extends Annotation>> MANAGED = List.of(Entity.class, MappedSuperclass.class,
			Embeddable.class, Converter.class);

	private final Map<String, Object> settings;

	private final @Nullable String defaultSchema;

	/**
	 * Creates a mapping.
	 * @param settings Hibernate's settings as the application gives them, of which those
	 * that decide about names are used
	 */
	public JpaMapping(Map<String, Object> settings) {
		Map<String, Object> naming = new LinkedHashMap<>();
		naming.put(MappingSettings.PHYSICAL_NAMING_STRATEGY, PhysicalNamingStrategySnakeCaseImpl.class.getName());
		settings.forEach((name, value) -> {
			if (NAMING_SETTINGS.contains(name)) {
				naming.put(name, value);
			}
		});
		this.settings = Map.copyOf(naming);
		this.defaultSchema = defaultSchema(this.settings);
	}

	@Override
	List<MappedColumn> columns(Collection<Class<?>> types) {
		List<Class<?>> managed = types.stream().filter(JpaMapping::isManaged).toList();
		if (managed.stream().noneMatch(JpaMapping::declaresChange)) {
			return List.of();
		}
		StandardServiceRegistry registry = new StandardServiceRegistryBuilder()
			.applySetting("hibernate.boot.allow_jdbc_metadata_access", false)
			.applySetting("hibernate.dialect", PostgreSQLDialect.class.getName())
			.applySettings(this.settings)
			.build();
		try {
			MetadataSources sources = new MetadataSources(registry);
			managed.forEach(sources::addAnnotatedClass);
			return read(sources.buildMetadata());
		}
		catch (RuntimeException ex) {
			throw new UnreadableMappingException("JPA", ex);
		}
		finally {
			StandardServiceRegistryBuilder.destroy(registry);
		}
	}

	private static boolean isManaged(Class<?> type) {
		return MANAGED.stream().anyMatch(type::isAnnotationPresent);
	}

	private static boolean declaresChange(Class<?> type) {
		List<Field> declaring = new ArrayList<>();
		ReflectionUtils.doWithFields(type, declaring::add, Declared::on);
		return !declaring.isEmpty();
	}

	private List<MappedColumn> read(Metadata metadata) {
		List<MappedColumn> columns = new ArrayList<>();
		for (PersistentClass entity : metadata.getEntityBindings()) {
			if (entity.getTable().isPhysicalTable()) {
				Class<?> type = entity.getMappedClass();
				Table own = (entity instanceof UnionSubclass) ? entity.getTable() : null;
				List<Property> properties = new ArrayList<>(
						(own != null) ? entity.getPropertyClosure() : entity.getProperties());
				if (entity.getIdentifierProperty() != null) {
					properties.add(entity.getIdentifierProperty());
				}
				properties.forEach((property) -> read(columns, type, property, own, type.getSimpleName(),
						MappedColumn.Affix.NONE));
			}
		}
		metadata.getCollectionBindings().forEach((collection) -> {
			if (collection.getElement() instanceof Component element) {
				Class<?> type = element.getComponentClass();
				element.getProperties()
					.forEach((property) -> read(columns, type, property, collection.getCollectionTable(),
							type.getSimpleName(), MappedColumn.Affix.NONE));
			}
		});
		return columns;
	}

	private void read(List<MappedColumn> columns, Class<?> type, Property property, @Nullable Table table, String owner,
			MappedColumn.Affix affix) {
		Field field = ReflectionUtils.findField(type, property.getName());
		if (field == null) {
			return;
		}
		Value value = property.getValue();
		String name = owner + "." + property.getName();
		if (value instanceof Component component) {
			MappedColumn.Affix inner = affix(field).within(affix);
			component.getProperties()
				.forEach((part) -> read(columns, component.getComponentClass(), part, table, name, inner));
		}
		else if (Declared.on(field)) {
			List<Selectable> selectables = value.getSelectables();
			if (selectables.size() == 1 && selectables.get(0) instanceof Column column) {
				columns.add(new MappedColumn(field, name, written((table != null) ? table : value.getTable()),
						fold(column.getName(), column.isQuoted()), affix));
			}
		}
	}

	private static MappedColumn.Affix affix(Field embedding) {
		EmbeddedColumnNaming naming = embedding.getAnnotation(EmbeddedColumnNaming.class);
		if (naming == null) {
			return MappedColumn.Affix.NONE;
		}
		String pattern = naming.value().isEmpty() ? embedding.getName() + "_%s" : naming.value();
		int position = pattern.indexOf("%s");
		return (position < 0) ? MappedColumn.Affix.NONE
				: new MappedColumn.Affix(pattern.substring(0, position), pattern.substring(position + 2));
	}

	private WrittenName written(Table table) {
		String schema = table.getSchema();
		return new WrittenName((schema != null) ? fold(schema, table.isSchemaQuoted()) : this.defaultSchema,
				fold(table.getName(), table.isQuoted()));
	}

	private static @Nullable String defaultSchema(Map<String, Object> settings) {
		// Hibernate puts it into statements, not into the tables of its metadata.
		boolean quoted = Boolean
			.parseBoolean(String.valueOf(settings.getOrDefault(MappingSettings.GLOBALLY_QUOTED_IDENTIFIERS, false)));
		Object schema = settings.get(MappingSettings.DEFAULT_SCHEMA);
		Identifier identifier = (schema != null) ? Identifier.toIdentifier(schema.toString(), quoted) : null;
		return (identifier != null) ? fold(identifier.getText(), identifier.isQuoted()) : null;
	}

	private static String fold(String name, boolean quoted) {
		return quoted ? name : Identifiers.fold(name);
	}

}
