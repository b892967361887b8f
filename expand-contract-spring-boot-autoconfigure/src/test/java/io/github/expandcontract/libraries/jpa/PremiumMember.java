package io.github.expandcontract.libraries.jpa;

import jakarta.persistence.Entity;
import jakarta.persistence.Table;

@Entity
@Table(name = "premium_account")
class PremiumMember extends Member {

	int level;

}
