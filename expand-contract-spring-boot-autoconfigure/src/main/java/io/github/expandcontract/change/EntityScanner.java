package io.github.expandcontract.change;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

import org.jspecify.annotations.Nullable;

import org.springframework.beans.factory.annotation.AnnotatedBeanDefinition;
import org.springframework.context.annotation.ClassPathScanningCandidateComponentProvider;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.Resource;
import org.springframework.core.io.ResourceLoader;
import org.springframework.util.ClassUtils;

/**
 * Finds the types that the changes of an application are declared on, by reading class
 * files.
 * <ol>
 * <li>Every class file in the packages is read, not loaded.</li>
 * <li>Superclasses and embedded types outside of the packages are read too.</li>
 * <li>Where no property has an annotation, that is all. Else the entities, what they are
 * made of and what has an annotation are loaded, without being initialized.</li>
 * </ol>
 */
final class EntityScanner {

	private final ClassLoader classLoader;

	private final ResourceLoader resourceLoader;

	EntityScanner(ClassLoader classLoader) {
		this.classLoader = classLoader;
		this.resourceLoader = new DefaultResourceLoader(classLoader);
	}

	/**
	 * Scans packages.
	 * @param packages the packages, each with those below it
	 * @return the types that matter, none if no property has an annotation
	 */
	Collection<Class<?>> scan(Collection<String> packages) {
		Map<String, ClassFile> files = new TreeMap<>();
		packages.forEach((name) -> read(name, files));
		complete(files);
		if (files.values().stream().noneMatch(ClassFile::declaring)) {
			return List.of();
		}
		Set<Class<?>> types = new LinkedHashSet<>();
		files.values()
			.stream()
			.filter((file) -> file.persistent() || file.declaring() || inherits(file, files))
			.forEach((file) -> types.add(load(file.name())));
		return types;
	}

	private void read(String basePackage, Map<String, ClassFile> files) {
		ClassPathScanningCandidateComponentProvider provider = new ClassPathScanningCandidateComponentProvider(false) {

			@Override
			protected boolean isCandidateComponent(AnnotatedBeanDefinition beanDefinition) {
				return false;
			}

		};
		provider.setResourceLoader(this.resourceLoader);
		provider.addIncludeFilter((metadata, factory) -> {
			ClassFile file = read(metadata.getResource());
			files.put(file.name(), file);
			return false;
		});
		provider.findCandidateComponents(basePackage);
	}

	private void complete(Map<String, ClassFile> files) {
		Deque<ClassFile> open = new ArrayDeque<>(files.values());
		while (!open.isEmpty()) {
			ClassFile file = open.remove();
			Set<String> related = new LinkedHashSet<>(file.embedded());
			if (file.superclass() != null) {
				related.add(file.superclass());
			}
			for (String name : related) {
				if (!files.containsKey(name) && !name.startsWith("java.")) {
					ClassFile found = find(name);
					if (found != null) {
						files.put(name, found);
						open.add(found);
					}
				}
			}
		}
	}

	private @Nullable ClassFile find(String name) {
		Resource resource = this.resourceLoader.getResource(ResourceLoader.CLASSPATH_URL_PREFIX
				+ ClassUtils.convertClassNameToResourcePath(name) + ClassUtils.CLASS_FILE_SUFFIX);
		try {
			return resource.exists() ? read(resource) : null;
		}
		catch (IOException ex) {
			return null;
		}
	}

	private static ClassFile read(Resource resource) throws IOException {
		try (InputStream stream = resource.getInputStream()) {
			return ClassFile.read(stream);
		}
	}

	private static boolean inherits(ClassFile file, Map<String, ClassFile> files) {
		Map<String, ClassFile> seen = new LinkedHashMap<>();
		ClassFile above = (file.superclass() != null) ? files.get(file.superclass()) : null;
		while (above != null && seen.put(above.name(), above) == null) {
			if (above.persistent() || above.declaring()) {
				return true;
			}
			above = (above.superclass() != null) ? files.get(above.superclass()) : null;
		}
		return false;
	}

	private Class<?> load(String name) {
		try {
			return Class.forName(name, false, this.classLoader);
		}
		catch (ClassNotFoundException | LinkageError ex) {
			throw new UnreadableMappingException("class file's",
					new IllegalStateException("'" + name + "' cannot be loaded: " + ex, ex));
		}
	}

}
