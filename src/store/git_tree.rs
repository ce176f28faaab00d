//! A workspace as it was committed: the tree of one git commit, read from the object database.
//!
//! Nothing is checked out, so hooks, filters and links of the work tree play no part. Links in the tree are refused.

use crate::model::Fault;
use crate::port::{Source, SourceFile};
use git2::{ObjectType, Oid, Repository, TreeWalkMode, TreeWalkResult};
use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// The tree of a commit, at the folder of the workspace.
pub struct GitTree {
    repository: Mutex<Repository>,
    blobs: BTreeMap<String, (Oid, u64)>,
    links: Vec<String>,
    last: Mutex<Option<(Oid, Vec<u8>)>>,
    what: String,
}

fn fault(error: &git2::Error) -> Fault {
    Fault::Local { text: format!("git: {}", error.message()) }
}

impl GitTree {
    /// Opens the workspace `folder` as it is in the commit `revision` names.
    ///
    /// # Errors
    /// [`Fault::Local`] where there is no repository, no such revision or no such folder in it.
    pub fn open(folder: &Path, revision: &str) -> Result<Self, Fault> {
        let repository = Repository::discover(folder).map_err(|e| fault(&e))?;
        let (blobs, links, what) = Self::index(&repository, folder, revision)?;
        Ok(Self { repository: Mutex::new(repository), blobs, links, last: Mutex::new(None), what })
    }

    #[expect(clippy::type_complexity, reason = "three parts of one constructor")]
    fn index(repository: &Repository, folder: &Path, revision: &str) -> Result<(BTreeMap<String, (Oid, u64)>, Vec<String>, String), Fault> {
        let local = |text: String| Fault::Local { text };
        let commit = repository.revparse_single(revision).and_then(|o| o.peel_to_commit()).map_err(|e| fault(&e))?;
        let top = repository.workdir().ok_or_else(|| local("git: the repository has no work tree".into()))?;
        let top = top.canonicalize().map_err(|e| local(e.to_string()))?;
        let folder = folder.canonicalize().map_err(|e| local(e.to_string()))?;
        let below = folder.strip_prefix(&top).map_err(|e| local(e.to_string()))?;
        let tree = commit.tree().map_err(|e| fault(&e))?;
        let tree = if below.as_os_str().is_empty() {
            tree
        } else {
            let entry = tree.get_path(below).map_err(|e| fault(&e))?;
            repository.find_tree(entry.id()).map_err(|e| fault(&e))?
        };
        let (mut blobs, mut links) = (BTreeMap::new(), Vec::new());
        let database = repository.odb().map_err(|e| fault(&e))?;
        tree.walk(TreeWalkMode::PreOrder, |folder, entry| {
            let name = format!("{folder}{}", entry.name().unwrap_or(""));
            let wanted = name == "mailwright.toml" || name.starts_with("tenants/") || name.starts_with("approvals/");
            let hidden = name.split('/').any(|part| part.starts_with('.'));
            let ours = wanted && !hidden && (name.ends_with(".toml") || name.ends_with(".csv"));
            if ours && entry.kind() == Some(ObjectType::Blob) {
                if entry.filemode() == 0o120_000 {
                    links.push(name);
                } else if let Ok((len, _)) = database.read_header(entry.id()) {
                    blobs.insert(name, (entry.id(), len as u64));
                }
            }
            TreeWalkResult::Ok
        })
        .map_err(|e| fault(&e))?;
        Ok((blobs, links, format!("commit {}", commit.id())))
    }
}

impl Source for GitTree {
    fn list(&self) -> Result<Vec<SourceFile>, Fault> {
        if let Some(link) = self.links.first() {
            return Err(Fault::Local { text: format!("{link}: is a link, which is refused in a commit") });
        }
        Ok(self.blobs.iter().map(|(name, (_, len))| SourceFile { name: name.clone(), len: *len }).collect())
    }
    fn read(&self, name: &str, range: Range<u64>, into: &mut Vec<u8>) -> Result<(), Fault> {
        into.clear();
        let (id, _) = self.blobs.get(name).ok_or_else(|| Fault::Missing { text: name.to_owned() })?;
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        if last.as_ref().is_none_or(|(have, _)| have != id) {
            let repository = self.repository.lock().unwrap_or_else(PoisonError::into_inner);
            let blob = repository.find_blob(*id).map_err(|e| fault(&e))?;
            *last = Some((*id, blob.content().to_vec()));
        }
        if let Some((_, bytes)) = last.as_ref() {
            let at = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX).min(bytes.len());
            into.extend_from_slice(&bytes[at(range.start)..at(range.end).max(at(range.start))]);
        }
        Ok(())
    }
    fn describe(&self) -> String {
        self.what.clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn a_commit_is_read_not_the_work_tree() {
        let dir = tempfile::tempdir().unwrap();
        let repository = Repository::init(dir.path()).unwrap();
        fs::create_dir_all(dir.path().join("ws/tenants")).unwrap();
        fs::write(dir.path().join("ws/mailwright.toml"), "committed").unwrap();
        fs::write(dir.path().join("ws/tenants/acme.toml"), "tenant").unwrap();
        let mut index = repository.index().unwrap();
        index.add_all(["*"], git2::IndexAddOption::DEFAULT, None).unwrap();
        let tree = repository.find_tree(index.write_tree().unwrap()).unwrap();
        let who = git2::Signature::now("t", "t@x.example").unwrap();
        repository.commit(Some("HEAD"), &who, &who, "one", &tree, &[]).unwrap();
        fs::write(dir.path().join("ws/mailwright.toml"), "changed").unwrap();

        let source = GitTree::open(&dir.path().join("ws"), "HEAD").unwrap();
        let names: Vec<String> = source.list().unwrap().into_iter().map(|f| f.name).collect();
        assert_eq!(names, ["mailwright.toml", "tenants/acme.toml"]);
        let mut buf = Vec::new();
        source.read("mailwright.toml", 0..100, &mut buf).unwrap();
        assert_eq!(buf, b"committed");
        assert!(GitTree::open(&dir.path().join("ws"), "no-such-branch").is_err());
    }
}
