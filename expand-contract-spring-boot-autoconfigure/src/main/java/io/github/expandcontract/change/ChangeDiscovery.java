package io.github.expandcontract.change;

import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds the changes that are declared by annotations on the properties of entities. Table
 * and column come from the first mapping that knows the property, else from the
 * annotation itself.
 */
public final class ChangeDiscovery {

	private final EntityScanner scanner;

	private final List<EntityMapping> mappings;

	/**
	 * Creates a discovery.
	 * @param classLoader the application's class loader
	 * @param mappings the mappings that the application has, in the order in which they
	 * are asked
	 */
	public ChangeDiscovery(ClassLoader classLoader, List<? extends EntityMapping> mappings) {
		this.scanner = new EntityScanner(classLoader);
		this.mappings = List.copyOf(mappings);
	}

	/**
	 * Finds the declarations.
	 * @param packages the packages of the entities, each with those below it
	 * @return the declarations, ordered by class
	 * @throws UnmappedPropertyException if an annotated property has no column
	 * @throws InvalidDeclarationException if a name or an id cannot be used
	 * @throws UnreadableMappingException if a mapping is wrong
	 */
	public List<ChangeDeclaration> discover(Collection<String> packages) {
		return declarations(this.scanner.scan(packages));
	}

	List<ChangeDeclaration> declarations(Collection<Class<?>> types) {
		Set<Field> annotated = annotatedFields(types);
		Set<Field> mapped = new LinkedHashSet<>();
		Set<ChangeDeclaration> declarations = new LinkedHashSet<>();
		if (!annotated.isEmpty()) {
			for (EntityMapping mapping : this.mappings) {
				List<MappedColumn> columns = mapping.columns(types)
					.stream()
					.filter((column) -> !mapped.contains(column.field()))
					.toList();
				columns.forEach((column) -> {
					mapped.add(column.field());
					declarations.addAll(Declared.of(column));
				});
			}
		}
		annotated.removeAll(mapped);
		annotated.forEach((field) -> declarations.addAll(ownDeclarations(field)));
		return List.copyOf(declarations);
	}

	private static Set<Field> annotatedFields(Collection<Class<?>> types) {
		Set<Field> fields = new LinkedHashSet<>();
		for (Class<?> type : types) {
			Arrays.stream(type.getDeclaredFields()).filter(Declared::on).forEach(fields::add);
		}
		return fields;
	}

	private static List<ChangeDeclaration> ownDeclarations(Field field) {
		if (isTransient(field)) {
			throw UnmappedPropertyException.transientProperty(field);
		}
		Declared.Place place = Declared.place(field);
		if (!place.isComplete()) {
			throw isPersistent(field.getDeclaringClass()) ? UnmappedPropertyException.withoutColumn(field)
					: UnmappedPropertyException.mappedNowhere(field);
		}
		String owner = field.getDeclaringClass().getSimpleName() + "." + field.getName();
		return Declared.of(new MappedColumn(field, owner, WrittenName.parse(place.table()), place.column(),
				MappedColumn.Affix.NONE));
	}

	private static boolean isTransient(Field field) {
		return Modifier.isTransient(field.getModifiers()) || Modifier.isStatic(field.getModifiers())
				|| isAnnotated(field, Set.of("Transient"));
	}

	private static boolean isPersistent(Class<?> type) {
		return isAnnotated(type, Set.of("Table", "Entity"))
				|| Arrays.stream(type.getDeclaredFields()).anyMatch((field) -> isAnnotated(field, Set.of("Id")));
	}

	private static boolean isAnnotated(AnnotatedElement element, Set<String> simpleNames) {
		return Arrays.stream(element.getAnnotations())
			.anyMatch((annotation) -> simpleNames.contains(annotation.annotationType().getSimpleName()));
	}

}
