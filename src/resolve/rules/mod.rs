//! The rules of heads and rows, one file each: what it is for, an example, the fix, the check.
//!
//! Invariant: ids are stable and never used again for something else; every finding of this room has its rule here, and
//! [`RULES`] names each file once. Deliberately absent: what needs text (config), a panel (engine) or a date (plan).

pub mod address;
pub mod address_twice;
pub mod alias_domain_is_domain;
pub mod alias_domain_twice;
pub mod alias_outside_domains;
pub mod alias_own_address;
pub mod alias_repeated;
pub mod continuity_prerequisites;
pub mod continuity_weak_policy;
pub mod creep_back;
pub mod declared_and_removed;
pub mod directory_and_whole_list;
pub mod directory_port_tls;
pub mod directory_tls_ip;
pub mod discovery_without_end;
pub mod domain_claimed_twice;
#[cfg(test)]
mod examples;
pub mod field_twice;
pub mod policy_weakened;
pub mod provider_unknown;
pub mod registry;
pub mod relay_check_ldap;
pub mod removed_heir;
pub mod rename;
pub mod report;
pub mod rotate_text;
pub mod row_twice;
pub mod secret_not_allowed;
pub mod smtp_user_domain;
pub mod too_many_rows;
pub mod unknown_word;
pub mod user_outside_domains;
pub mod whole_list_empty;
pub mod whole_list_missing;

pub use registry::RULES;
