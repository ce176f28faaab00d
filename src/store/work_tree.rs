//! A workspace in a folder. Regular files only; nothing outside the folder, by whatever path or link (S19.2).

use crate::base::limits::{FILE_BYTES, WORKSPACE_FILES};
use crate::model::Fault;
use crate::port::{Source, SourceFile};
use std::fs;
use std::io::{Read, Seek, SeekFrom};
use std::ops::Range;
use std::path::{Component, Path, PathBuf};

/// A folder as source.
#[derive(Debug, Clone)]
pub struct WorkTree {
    root: PathBuf,
}

fn local(path: &Path, what: &str) -> Fault {
    Fault::Local { text: format!("{}: {what}", path.display()) }
}

impl WorkTree {
    /// Opens a workspace.
    ///
    /// # Errors
    /// [`Fault::Local`] where there is no such folder.
    pub fn open(folder: &Path) -> Result<Self, Fault> {
        let root = folder.canonicalize().map_err(|e| local(folder, &e.to_string()))?;
        if !root.is_dir() {
            return Err(local(folder, "is not a folder"));
        }
        Ok(Self { root })
    }
    /// The folder, absolute and without links.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The real path of a name, if it is a regular file inside the workspace.
    fn locate(&self, name: &str) -> Result<PathBuf, Fault> {
        let plain = Path::new(name).components().all(|c| matches!(c, Component::Normal(_)));
        if !plain || name.is_empty() {
            return Err(local(Path::new(name), "is not a path inside the workspace"));
        }
        let path = self.root.join(name);
        let real = path.canonicalize().map_err(|e| match e.kind() {
            std::io::ErrorKind::NotFound => Fault::Missing { text: name.to_owned() },
            _ => local(Path::new(name), &e.to_string()),
        })?;
        if !real.starts_with(&self.root) {
            return Err(local(Path::new(name), "is a link that leaves the workspace"));
        }
        if !real.is_file() {
            return Err(local(Path::new(name), "is not a regular file"));
        }
        Ok(real)
    }

    fn walk(&self, folder: &Path, into: &mut Vec<SourceFile>) -> Result<(), Fault> {
        for entry in fs::read_dir(folder).map_err(|e| local(folder, &e.to_string()))? {
            let entry = entry.map_err(|e| local(folder, &e.to_string()))?;
            let name = entry.file_name();
            if name.to_string_lossy().starts_with('.') || name == "target" {
                continue;
            }
            let path = entry.path();
            let kind = entry.file_type().map_err(|e| local(&path, &e.to_string()))?;
            if kind.is_dir() {
                self.walk(&path, into)?;
            } else {
                self.file(&path, into)?;
            }
        }
        Ok(())
    }

    fn file(&self, path: &Path, into: &mut Vec<SourceFile>) -> Result<(), Fault> {
        let ours = path.extension().is_some_and(|e| e == "toml" || e == "csv");
        let Ok(relative) = path.strip_prefix(&self.root) else { return Ok(()) };
        if !ours {
            return Ok(());
        }
        let Some(name) = relative.to_str() else { return Err(local(relative, "is not UTF-8")) };
        let name = name.replace('\\', "/");
        // a link is followed only as far as the workspace goes; it is an error where the file is used
        let len = self.locate(&name).and_then(|real| fs::metadata(real).map_err(|e| local(relative, &e.to_string())));
        let len = match len {
            Ok(meta) if meta.len() > FILE_BYTES => return Err(local(relative, &format!("is larger than {FILE_BYTES} bytes"))),
            Ok(meta) => meta.len(),
            Err(fault) => return Err(fault),
        };
        if into.len() >= WORKSPACE_FILES {
            return Err(local(&self.root, &format!("holds more than {WORKSPACE_FILES} files: is it the right folder?")));
        }
        into.push(SourceFile { name, len });
        Ok(())
    }
}

impl Source for WorkTree {
    fn list(&self) -> Result<Vec<SourceFile>, Fault> {
        let mut all = Vec::new();
        for name in ["mailwright.toml"] {
            if self.root.join(name).symlink_metadata().is_ok() {
                self.file(&self.root.join(name), &mut all)?;
            }
        }
        for folder in ["tenants", "approvals"] {
            if self.root.join(folder).is_dir() {
                self.walk(&self.root.join(folder), &mut all)?;
            }
        }
        all.sort();
        Ok(all)
    }

    fn read(&self, name: &str, range: Range<u64>, into: &mut Vec<u8>) -> Result<(), Fault> {
        into.clear();
        let real = self.locate(name)?;
        let fail = |e: std::io::Error| local(Path::new(name), &e.to_string());
        let mut file = fs::File::open(real).map_err(fail)?;
        if range.start > 0 {
            file.seek(SeekFrom::Start(range.start)).map_err(fail)?;
        }
        file.take(range.end.saturating_sub(range.start)).read_to_end(into).map_err(fail)?;
        Ok(())
    }

    fn describe(&self) -> String {
        self.root.display().to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_reads_inside_only() {
        let dir = tempfile::tempdir().unwrap();
        fs::create_dir(dir.path().join("tenants")).unwrap();
        fs::write(dir.path().join("mailwright.toml"), "x").unwrap();
        fs::write(dir.path().join("tenants/acme.toml"), "0123456789").unwrap();
        fs::write(dir.path().join("tenants/notes.txt"), "no").unwrap();
        let tree = WorkTree::open(dir.path()).unwrap();
        let names: Vec<String> = tree.list().unwrap().into_iter().map(|f| f.name).collect();
        assert_eq!(names, ["mailwright.toml", "tenants/acme.toml"]);
        let mut buf = Vec::new();
        tree.read("tenants/acme.toml", 3..6, &mut buf).unwrap();
        assert_eq!(buf, b"345");
        for bad in ["../x", "/etc/passwd", "tenants/../../x", ""] {
            assert!(matches!(tree.read(bad, 0..1, &mut buf), Err(Fault::Local { .. })), "{bad}");
        }
        assert!(matches!(tree.read("tenants/none.csv", 0..1, &mut buf), Err(Fault::Missing { .. })));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_is_refused() {
        let dir = tempfile::tempdir().unwrap();
        let out = tempfile::NamedTempFile::new().unwrap();
        fs::create_dir(dir.path().join("tenants")).unwrap();
        std::os::unix::fs::symlink(out.path(), dir.path().join("tenants/evil.toml")).unwrap();
        let tree = WorkTree::open(dir.path()).unwrap();
        let error = tree.list().unwrap_err().to_string();
        assert!(error.contains("leaves the workspace"), "{error}");
    }
}
