package io.github.expandcontract.change;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

import jakarta.persistence.AttributeOverride;
import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import jakarta.persistence.Entity;
import jakarta.persistence.Inheritance;
import jakarta.persistence.InheritanceType;
import jakarta.persistence.MappedSuperclass;
import org.hibernate.annotations.EmbeddedColumnNaming;
import org.hibernate.boot.model.naming.Identifier;
import org.hibernate.boot.model.naming.PhysicalNamingStrategyStandardImpl;
import org.hibernate.engine.jdbc.env.spi.JdbcEnvironment;
import org.junit.jupiter.api.Test;

import org.springframework.data.annotation.Id;
import org.springframework.data.annotation.Transient;
import org.springframework.data.relational.core.mapping.Embedded;
import org.springframework.data.relational.core.mapping.NamingStrategy;
import org.springframework.data.relational.core.mapping.RelationalPersistentProperty;
import org.springframework.data.relational.core.mapping.Table;

import io.github.expandcontract.RenamedFrom;
import io.github.expandcontract.RequiredColumn;
import io.github.expandcontract.TypeChangedFrom;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class ChangeDiscoveryTests {

	@Test
	void findsRenameOnRecordOfSpringDataByItsOwnNaming() {
		assertThat(discover(Account.class))
			.containsExactly("account-login-name: null.account old_login -> login_name" + " at Account.loginName");
	}

	@Test
	void takesExplicitTableAndColumnOfSpringDataAsTheyAreSpelled() {
		assertThat(discover(Spelled.class))
			.containsExactly("my-users-the-handle: crm.My.Users username -> The Handle at Spelled.handle");
	}

	@Test
	void takesNamingStrategyOfTheApplication() {
		NamingStrategy strategy = new NamingStrategy() {

			@Override
			public String getTableName(Class<?> type) {
				return "t_" + type.getSimpleName().toLowerCase(Locale.ROOT);
			}

			@Override
			public String getColumnName(RelationalPersistentProperty property) {
				return "c_" + property.getName().toLowerCase(Locale.ROOT);
			}

			@Override
			public String getSchema() {
				return "app";
			}

		};
		assertThat(discover(new ChangeDiscovery(loader(), List.of(new SpringDataMapping(strategy))), Account.class))
			.containsExactly("t-account-c-loginname: app.t_account old_login -> c_loginname at Account.loginName");
	}

	@Test
	void appliesPrefixOfEmbeddingToOldAndNewColumn() {
		assertThat(discover(Customer.class, Address.class)).containsExactlyInAnyOrder(
				"customer-home-street: null.customer home_road -> home_street at Customer.home.street",
				"customer-work-street: null.customer work_road -> work_street at Customer.work.street");
	}

	@Test
	void addsPrefixesOfNestedEmbeddings() {
		assertThat(discover(Nesting.class, Outer.class, Inner.class))
			.containsExactly("nesting-o-i-city: null.nesting o_i_town -> o_i_city at Nesting.outer.inner.city");
	}

	@Test
	void findsRenameOnChildOfAggregateInItsOwnTable() {
		assertThat(discover(Basket.class, Item.class))
			.containsExactly("item-label: null.item title -> label at Item.label");
	}

	@Test
	void findsRenameOnSuperclassOncePerConcreteEntity() {
		assertThat(discover(Audited.class, Invoice.class, Receipt.class)).containsExactlyInAnyOrder(
				"invoice-created-by: null.invoice creator -> created_by at Invoice.createdBy",
				"receipt-created-by: null.receipt creator -> created_by at Receipt.createdBy");
	}

	@Test
	void takesPropertyThatTheApplicationConvertsForOneColumn() {
		assertThat(discover(Mailed.class, Email.class))
			.containsExactly("mailed-address: null.mailed mail -> address at Mailed.address");
	}

	@Test
	void findsRenameOnEntityOfJpaByTheDefaultStrategy() {
		assertThat(discover(JpaUser.class))
			.containsExactly("jpa-user-display-name: null.jpa_user nick -> display_name at JpaUser.displayName");
	}

	@Test
	void takesSchemaAndQuotedNamesOfJpa() {
		assertThat(discover(JpaQuoted.class))
			.containsExactly("people-handle: crm.People nick -> Handle at JpaQuoted.handle");
	}

	@Test
	void takesPhysicalNamingStrategyOfTheApplication() {
		JpaMapping mapping = new JpaMapping(Map.of("hibernate.physical_naming_strategy", new Prefixing()));
		assertThat(discover(new ChangeDiscovery(loader(), List.of(mapping)), JpaUser.class))
			.containsExactly("x-jpauser-x-displayname: null.x_jpauser nick -> x_displayname at JpaUser.displayName");
	}

	@Test
	void takesAttributeOverrideForTheNewColumn() {
		assertThat(discover(JpaOverriding.class, JpaAddress.class))
			.containsExactly("jpa-overriding-home-street: null.jpa_overriding road -> home_street"
					+ " at JpaOverriding.home.street");
	}

	@Test
	void appliesColumnNamingOfHibernateToOldAndNewColumn() {
		assertThat(discover(JpaNaming.class, JpaAddress.class)).containsExactlyInAnyOrder(
				"jpa-naming-home-street: null.jpa_naming home_road -> home_street at JpaNaming.home.street",
				"jpa-naming-work-street: null.jpa_naming work_road -> work_street at JpaNaming.work.street");
	}

	@Test
	void findsRenameOnMappedSuperclassOncePerConcreteEntity() {
		assertThat(discover(JpaBase.class, JpaBill.class, JpaNote.class)).containsExactlyInAnyOrder(
				"jpa-bill-author: null.jpa_bill writer -> author at JpaBill.author",
				"jpa-note-author: null.jpa_note writer -> author at JpaNote.author");
	}

	@Test
	void findsRenameInEachTableOfTablePerClass() {
		assertThat(discover(JpaShape.class, JpaCircle.class)).containsExactlyInAnyOrder(
				"jpa-shape-colour: null.jpa_shape paint -> colour at JpaShape.colour",
				"jpa-circle-colour: null.jpa_circle paint -> colour at JpaCircle.colour");
	}

	@Test
	void takesTableAndColumnOfTheAnnotationWhereNothingMapsTheType() {
		assertThat(discover(Plain.class)).containsExactly("plain: crm.Plain old -> neu at Plain.value");
	}

	@Test
	void scansPackagesAndSuperclassesOutsideOfThemWithoutInitializingTypes() {
		List<ChangeDeclaration> found = discovery()
			.discover(List.of("io.github.expandcontract.change.scanned", "no.such.place"));
		assertThat(describe(found)).containsExactlyInAnyOrder(
				"users-handle: crm.users username -> handle at ScannedUser.handle",
				"scanned-order-created-by: null.scanned_order creator -> created_by at ScannedOrder.createdBy");
	}

	@Test
	void loadsNothingWhereNoPropertyIsAnnotated() {
		assertThat(new EntityScanner(loader()).scan(List.of("io.github.expandcontract.testing"))).isEmpty();
	}

	@Test
	void refusesTransientProperties() {
		assertThatExceptionOfType(UnmappedPropertyException.class).isThrownBy(() -> discover(WithTransient.class))
			.withMessageContaining("WithTransient.ghost")
			.withMessageContaining("transient");
	}

	@Test
	void refusesTransientPropertiesOfJpa() {
		assertThatExceptionOfType(UnmappedPropertyException.class).isThrownBy(() -> discover(JpaTransient.class))
			.withMessageContaining("JpaTransient.ghost")
			.withMessageContaining("transient");
	}

	@Test
	void refusesTypesThatNothingMaps() {
		assertThatExceptionOfType(UnmappedPropertyException.class).isThrownBy(() -> discover(Lost.class))
			.withMessageContaining("Lost.handle")
			.withMessageContaining("table = …, column = …");
	}

	@Test
	void refusesCollections() {
		assertThatExceptionOfType(UnmappedPropertyException.class)
			.isThrownBy(() -> discover(WithCollection.class, Item.class))
			.withMessageContaining("WithCollection.items")
			.withMessageContaining("one column");
	}

	@Test
	void refusesRenameToItself() {
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(() -> discover(ToItself.class))
			.withMessageContaining("\"handle\" to itself");
	}

	@Test
	void findsChangeOfTypeWithItsExpressions() {
		assertThat(discovery().declarations(List.of(Product.class))).singleElement()
			.isEqualTo(new ChangeTypeDeclaration(null, null, "product", "price", "price_decimal", "numeric(10,2)",
					"price / 100.0", "round(price_decimal * 100)::int", false, "Product.priceDecimal"));
	}

	@Test
	void findsRequiredColumnsOfAnEntityAndOfWhatIsEmbedded() {
		assertThat(discovery().declarations(List.of(Sale.class, Parcel.class))).containsExactlyInAnyOrder(
				new AddColumnDeclaration(null, null, "sale", "total", "numeric", "price * quantity", "0", "Sale.total"),
				new AddColumnDeclaration("kind", null, "sale", "parcel_kind", "text", "'box'", null,
						"Sale.parcel.kind"));
	}

	@Test
	void takesTableAndColumnOfRequiredColumnWhereNothingMapsTheType() {
		assertThat(discovery().declarations(List.of(Unmanaged.class))).containsExactly(
				new AddColumnDeclaration(null, "crm", "sales", "kind", "text", "'box'", null, "Unmanaged.kind"));
	}

	@Test
	void namesTheAnnotationOfAPropertyThatIsMappedNowhere() {
		assertThatExceptionOfType(UnmappedPropertyException.class).isThrownBy(() -> discover(Unmapped.class))
			.withMessageContaining("@TypeChangedFrom stands on")
			.withMessageContaining("@TypeChangedFrom(…, table = …, column = …)");
	}

	@Test
	void refusesIdThatIsNoKey() {
		assertThatExceptionOfType(InvalidDeclarationException.class).isThrownBy(() -> discover(WrongId.class))
			.withMessageContaining("'Users Handle'");
	}

	@Test
	void saysWhatIsWrongWithTheMappingOfJpa() {
		assertThatExceptionOfType(UnreadableMappingException.class).isThrownBy(() -> discover(JpaWithoutId.class))
			.withMessageContaining("JpaWithoutId");
	}

	private static ClassLoader loader() {
		return ChangeDiscoveryTests.class.getClassLoader();
	}

	private static ChangeDiscovery discovery() {
		return new ChangeDiscovery(loader(), List.of(new SpringDataMapping(null), new JpaMapping(Map.of())));
	}

	private static List<String> discover(Class<?>... types) {
		return discover(discovery(), types);
	}

	private static List<String> discover(ChangeDiscovery discovery, Class<?>... types) {
		return describe(discovery.declarations(Arrays.asList(types)));
	}

	private static List<String> describe(List<ChangeDeclaration> declarations) {
		return declarations.stream()
			.map((declaration) -> (RenameColumnDeclaration) declaration)
			.map((rename) -> rename.id() + ": " + rename.schema() + "." + rename.table() + " " + rename.oldColumn()
					+ " -> " + rename.newColumn() + " at " + rename.declaredAt())
			.toList();
	}

	record Product(@Id Long id, @TypeChangedFrom(value = "price", type = "numeric(10,2)", up = "price / 100.0",
			down = "round(price_decimal * 100)::int") BigDecimal priceDecimal) {
	}

	record Sale(@Id Long id,
			@RequiredColumn(type = "numeric", fill = "price * quantity", defaultValue = "0") BigDecimal total,
			@Embedded(onEmpty = Embedded.OnEmpty.USE_NULL, prefix = "parcel_") Parcel parcel) {
	}

	record Parcel(@RequiredColumn(id = "kind", type = "text", fill = "'box'") String kind) {
	}

	record Unmanaged(@RequiredColumn(type = "text", fill = "'box'", table = "crm.sales", column = "kind") String kind) {
	}

	record Unmapped(@TypeChangedFrom(value = "a", type = "text", up = "a::text", down = "b::int") String b) {
	}

	record Account(@Id Long id, @RenamedFrom("old_login") String loginName) {
	}

	@Table(schema = "crm", name = "My.Users")
	record Spelled(@Id Long id,
			@org.springframework.data.relational.core.mapping.Column("The Handle") @RenamedFrom("username") String handle) {
	}

	record Customer(@Id Long id, @Embedded(onEmpty = Embedded.OnEmpty.USE_NULL, prefix = "home_") Address home,
			@Embedded(onEmpty = Embedded.OnEmpty.USE_EMPTY, prefix = "work_") Address work) {
	}

	record Address(@RenamedFrom("road") String street) {
	}

	record Nesting(@Id Long id, @Embedded(onEmpty = Embedded.OnEmpty.USE_NULL, prefix = "o_") Outer outer) {
	}

	record Outer(@Embedded(onEmpty = Embedded.OnEmpty.USE_NULL, prefix = "i_") Inner inner) {
	}

	record Inner(@RenamedFrom("town") String city) {
	}

	record Basket(@Id Long id, List<Item> items) {
	}

	record Item(@RenamedFrom("title") String label) {
	}

	abstract static class Audited {

		@Id
		Long id;

		@RenamedFrom("creator")
		String createdBy;

	}

	static class Invoice extends Audited {

	}

	static class Receipt extends Audited {

	}

	record Mailed(@Id Long id, @RenamedFrom("mail") Email address) {
	}

	record Email(String text) {
	}

	record WithTransient(@Id Long id, @Transient @RenamedFrom("g") String ghost) {
	}

	record WithCollection(@Id Long id, @RenamedFrom("g") List<Item> items) {
	}

	record Lost(Long id, @RenamedFrom("username") String handle) {
	}

	record ToItself(@Id Long id, @RenamedFrom("handle") String handle) {
	}

	record WrongId(@Id Long id, @RenamedFrom(value = "username", id = "Users Handle") String handle) {
	}

	record Plain(@RenamedFrom(value = "old", table = "crm.\"Plain\"", column = "neu", id = "plain") String value) {
	}

	@Entity(name = "JpaUser")
	static class JpaUser {

		@jakarta.persistence.Id
		Long id;

		@RenamedFrom("nick")
		String displayName;

	}

	@Entity(name = "JpaQuoted")
	@jakarta.persistence.Table(schema = "CRM", name = "`People`")
	static class JpaQuoted {

		@jakarta.persistence.Id
		Long id;

		@Column(name = "\"Handle\"")
		@RenamedFrom("nick")
		String handle;

	}

	@Embeddable
	static class JpaAddress {

		@RenamedFrom("road")
		String street;

	}

	@Entity(name = "JpaOverriding")
	static class JpaOverriding {

		@jakarta.persistence.Id
		Long id;

		@jakarta.persistence.Embedded
		@AttributeOverride(name = "street", column = @Column(name = "home_street"))
		JpaAddress home;

	}

	@Entity(name = "JpaNaming")
	static class JpaNaming {

		@jakarta.persistence.Id
		Long id;

		@jakarta.persistence.Embedded
		@EmbeddedColumnNaming("home_%s")
		JpaAddress home;

		@jakarta.persistence.Embedded
		@EmbeddedColumnNaming("work_%s")
		JpaAddress work;

	}

	@MappedSuperclass
	abstract static class JpaBase {

		@jakarta.persistence.Id
		Long id;

		@RenamedFrom("writer")
		String author;

	}

	@Entity(name = "JpaBill")
	static class JpaBill extends JpaBase {

	}

	@Entity(name = "JpaNote")
	static class JpaNote extends JpaBase {

	}

	@Entity(name = "JpaShape")
	@Inheritance(strategy = InheritanceType.TABLE_PER_CLASS)
	static class JpaShape {

		@jakarta.persistence.Id
		Long id;

		@RenamedFrom("paint")
		String colour;

	}

	@Entity(name = "JpaCircle")
	static class JpaCircle extends JpaShape {

		int radius;

	}

	@Entity(name = "JpaTransient")
	static class JpaTransient {

		@jakarta.persistence.Id
		Long id;

		@jakarta.persistence.Transient
		@RenamedFrom("g")
		String ghost;

	}

	@Entity(name = "JpaWithoutId")
	static class JpaWithoutId {

		@RenamedFrom("nick")
		String displayName;

	}

	static class Prefixing extends PhysicalNamingStrategyStandardImpl {

		@Override
		public Identifier toPhysicalTableName(Identifier name, JdbcEnvironment environment) {
			return Identifier.toIdentifier("x_" + name.getText());
		}

		@Override
		public Identifier toPhysicalColumnName(Identifier name, JdbcEnvironment environment) {
			return Identifier.toIdentifier("X_" + name.getText());
		}

	}

}
