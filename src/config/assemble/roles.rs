//! What a file of a workspace is, by its name (DESIGN 5).

use crate::base::{NameError, TenantName};

/// The name of the workspace's own file.
pub const WORKSPACE_FILE: &str = "mailwright.toml";

/// What a file is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Role {
    /// `mailwright.toml`.
    Workspace,
    /// `tenants/NAME.toml`, or a `*.toml` in `tenants/NAME/`.
    Tenant {
        /// The tenant.
        name: TenantName,
        /// Whether it lies in the tenant's folder.
        folder: bool,
    },
    /// A tenant file whose name cannot be a tenant's.
    BadTenant {
        /// The name as the file system has it.
        name: String,
        /// What is wrong with it.
        error: NameError,
    },
    /// `approvals/*.toml`.
    Approvals,
    /// A CSV; read only where a file names it.
    Csv,
    /// Nothing that we read.
    Other,
}

/// The role of a file; `path` is relative to the workspace, with `/`.
#[must_use]
pub fn role(path: &str) -> Role {
    if path == WORKSPACE_FILE {
        return Role::Workspace;
    }
    let parts: Vec<&str> = path.split('/').collect();
    match parts.as_slice() {
        ["approvals", file] if file.ends_with(".toml") => Role::Approvals,
        ["tenants", file] if file.ends_with(".toml") => tenant(file.trim_end_matches(".toml"), false),
        ["tenants", folder, file] if file.ends_with(".toml") => tenant(folder, true),
        [.., file] if file.len() > 4 && file.to_ascii_lowercase().ends_with(".csv") => Role::Csv,
        _ => Role::Other,
    }
}

fn tenant(name: &str, folder: bool) -> Role {
    match TenantName::parse(name) {
        Ok(name) => Role::Tenant { name, folder },
        Err(error) => Role::BadTenant { name: name.to_owned(), error },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_name() {
        let acme = |folder| Role::Tenant { name: TenantName::parse("acme").unwrap(), folder };
        assert_eq!(role("mailwright.toml"), Role::Workspace);
        assert_eq!(role("tenants/acme.toml"), acme(false));
        assert_eq!(role("tenants/acme/domains.toml"), acme(true));
        assert_eq!(role("tenants/Acme Inc.toml"), Role::BadTenant { name: "Acme Inc".into(), error: NameError::Character });
        assert_eq!(role("approvals/2026-11.toml"), Role::Approvals);
        assert_eq!(role("tenants/users.CSV"), Role::Csv);
        assert_eq!(role("tenants/acme/deep/er.toml"), Role::Other);
        assert_eq!(role("README.md"), Role::Other);
    }
}
