package io.github.expandcontract.change;

import java.io.IOException;
import java.io.InputStream;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.Collectors;

import org.jspecify.annotations.Nullable;

import org.springframework.asm.AnnotationVisitor;
import org.springframework.asm.ClassReader;
import org.springframework.asm.ClassVisitor;
import org.springframework.asm.FieldVisitor;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.asm.Type;

/**
 * What a class file says about its class before it is loaded.
 *
 * @param name name of the class
 * @param superclass name of its superclass, {@code null} for {@code Object}
 * @param persistent whether an annotation of Spring Data or JPA makes it part of an
 * entity
 * @param declaring whether a field declares a change
 * @param embedded names of the types of embedded fields
 */
record ClassFile(String name, @Nullable String superclass, boolean persistent, boolean declaring,
		Set<String> embedded) {

	private static final Set<String> DECLARING = Declared.ANNOTATIONS.stream()
		.map(Type::getDescriptor)
		.collect(Collectors.toUnmodifiableSet());

	private static final Set<String> PERSISTENT = Set.of("Lorg/springframework/data/relational/core/mapping/Table;",
			"Ljakarta/persistence/Entity;", "Ljakarta/persistence/MappedSuperclass;",
			"Ljakarta/persistence/Embeddable;", "Ljakarta/persistence/Converter;");

	private static final String ID = "Lorg/springframework/data/annotation/Id;";

	private static final Set<String> EMBEDDED = Set.of("Lorg/springframework/data/relational/core/mapping/Embedded;",
			"Lorg/springframework/data/relational/core/mapping/Embedded$Nullable;",
			"Lorg/springframework/data/relational/core/mapping/Embedded$Empty;", "Ljakarta/persistence/Embedded;",
			"Ljakarta/persistence/EmbeddedId;");

	static ClassFile read(InputStream stream) throws IOException {
		Visitor visitor = new Visitor();
		new ClassReader(stream).accept(visitor,
				ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
		return new ClassFile(visitor.name, visitor.superclass, visitor.persistent, visitor.declaring,
				Set.copyOf(visitor.embedded));
	}

	/**
	 * Collects what is of interest.
	 */
	private static final class Visitor extends ClassVisitor {

		private final Set<String> embedded = new LinkedHashSet<>();

		private String name = "";

		private @Nullable String superclass;

		private boolean persistent;

		private boolean declaring;

		Visitor() {
			super(SpringAsmInfo.ASM_VERSION);
		}

		@Override
		public void visit(int version, int access, String internalName, @Nullable String signature,
				@Nullable String superName, String @Nullable [] interfaces) {
			this.name = internalName.replace('/', '.');
			this.superclass = (superName != null) ? superName.replace('/', '.') : null;
		}

		@Override
		public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
			this.persistent |= PERSISTENT.contains(descriptor);
			return null;
		}

		@Override
		public FieldVisitor visitField(int access, String fieldName, String fieldDescriptor, @Nullable String signature,
				@Nullable Object value) {
			return new FieldVisitor(SpringAsmInfo.ASM_VERSION) {

				@Override
				public @Nullable AnnotationVisitor visitAnnotation(String descriptor, boolean visible) {
					Visitor.this.declaring |= DECLARING.contains(descriptor);
					Visitor.this.persistent |= ID.equals(descriptor);
					if (EMBEDDED.contains(descriptor)) {
						Visitor.this.embedded.add(Type.getType(fieldDescriptor).getClassName());
					}
					return null;
				}

			};
		}

	}

}
