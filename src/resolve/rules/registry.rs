//! The table of rules, and which of them look at heads.

use crate::base::{Findings, RuleDoc};
use crate::resolve::Heads;
use crate::resolve::rules::report::Case;
use crate::resolve::rules::{
    address, address_twice, alias_domain_is_domain, alias_domain_twice, alias_outside_domains, alias_own_address, alias_repeated,
    continuity_prerequisites, continuity_weak_policy, creep_back, declared_and_removed, directory_and_whole_list, directory_port_tls,
    directory_tls_ip, discovery_without_end, domain_claimed_twice, field_twice, policy_weakened, provider_unknown, relay_check_ldap,
    removed_heir, rename, rotate_text, row_twice, secret_not_allowed, smtp_user_domain, too_many_rows, unknown_word, user_outside_domains,
    whole_list_empty, whole_list_missing,
};

/// Every rule of this room, by id.
pub const RULES: &[RuleDoc] = &[
    provider_unknown::DOC,
    domain_claimed_twice::DOC,
    alias_domain_is_domain::DOC,
    alias_domain_twice::DOC,
    directory_tls_ip::DOC,
    directory_port_tls::DOC,
    relay_check_ldap::DOC,
    continuity_prerequisites::DOC,
    continuity_weak_policy::DOC,
    policy_weakened::DOC,
    discovery_without_end::DOC,
    smtp_user_domain::DOC,
    creep_back::DOC,
    declared_and_removed::DOC,
    whole_list_missing::DOC,
    directory_and_whole_list::DOC,
    whole_list_empty::DOC,
    address::DOC,
    user_outside_domains::DOC,
    unknown_word::DOC,
    alias_own_address::DOC,
    address_twice::DOC,
    alias_outside_domains::DOC,
    row_twice::DOC,
    field_twice::DOC,
    secret_not_allowed::DOC,
    rotate_text::DOC,
    rename::DOC,
    removed_heir::DOC,
    too_many_rows::DOC,
    alias_repeated::DOC,
];

/// The rules of one tenant's heads.
pub const OF_HEADS: &[fn(&Case<'_>, &mut Findings)] = &[
    provider_unknown::check,
    alias_domain_is_domain::check,
    alias_domain_twice::check,
    directory_tls_ip::check,
    directory_port_tls::check,
    relay_check_ldap::check,
    continuity_prerequisites::check,
    continuity_weak_policy::check,
    policy_weakened::check,
    discovery_without_end::check,
    smtp_user_domain::check,
    creep_back::check,
    declared_and_removed::check,
    whole_list_missing::check,
    directory_and_whole_list::check,
    secret_not_allowed::check,
    rotate_text::check_directories,
];

/// The rules that look at all tenants together.
pub const ACROSS_TENANTS: &[fn(&[Heads], &mut Findings)] = &[domain_claimed_twice::check];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_in_order_and_say_all() {
        assert!(RULES.is_sorted_by(|a, b| a.id < b.id));
        for rule in RULES {
            assert!(rule.id.0.len() == 6 && rule.id.0.starts_with("MW02"), "{}", rule.id);
            assert!(!rule.title.ends_with('.') && rule.doc.ends_with('.') && rule.fix.ends_with('.'), "{}", rule.id);
            assert!(rule.example.contains("schema = "), "{}", rule.id);
        }
    }
}
