//! The journal file: a line of JSON for each entry, appended and flushed. A torn last line is cut, never misread.

use crate::base::digest::sha256;
use crate::model::Fault;
use crate::model::entry::Entry;
use std::fs::{File, OpenOptions};
use std::io::{BufRead, BufReader, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

/// An open journal.
pub(super) struct Journal {
    path: PathBuf,
    file: File,
    next: u64,
    broken: bool,
}

fn fault(path: &Path, what: impl std::fmt::Display) -> Fault {
    Fault::Local { text: format!("memory {}: {what}", path.display()) }
}

/// A line: eight hex digits of SHA-256 over the JSON, a space, the JSON.
fn line_of(entry: &Entry) -> Result<String, serde_json::Error> {
    let json = serde_json::to_string(entry)?;
    Ok(format!("{} {json}\n", sha256(json.as_bytes()).short()))
}

fn entry_of(line: &str) -> Option<Entry> {
    let (sum, json) = line.strip_suffix('\n')?.split_once(' ')?;
    if sha256(json.as_bytes()).short() != sum {
        return None;
    }
    serde_json::from_str(json).ok()
}

/// Reads all entries. A last line that is torn is left out; a broken line before the end is an error.
///
/// # Errors
/// [`Fault::Local`] naming the line.
pub(super) fn read(path: &Path, each: &mut dyn FnMut(Entry)) -> Result<(u64, u64), Fault> {
    let file = match File::open(path) {
        Ok(file) => file,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok((0, 0)),
        Err(e) => return Err(fault(path, e)),
    };
    let mut reader = BufReader::new(file);
    let (mut count, mut good) = (0u64, 0u64);
    let mut line = String::new();
    loop {
        line.clear();
        let read = match reader.read_line(&mut line) {
            Ok(read) => read,
            Err(e) if e.kind() == std::io::ErrorKind::InvalidData => line.len(),
            Err(e) => return Err(fault(path, e)),
        };
        if read == 0 {
            return Ok((count, good));
        }
        match entry_of(&line) {
            Some(entry) => {
                each(entry);
                count += 1;
                good += read as u64;
            }
            None if !line.ends_with('\n') => return Ok((count, good)),
            None if reader.fill_buf().is_ok_and(<[u8]>::is_empty) => return Ok((count, good)),
            None => {
                let text = format!("line {} is damaged; move the file away to start without memory (S11.2)", count + 1);
                return Err(fault(path, text));
            }
        }
    }
}

impl Journal {
    /// Opens for appending behind the last good line; a torn tail is cut off.
    pub(super) fn open(path: &Path) -> Result<Self, Fault> {
        let (next, good) = read(path, &mut |_| {})?;
        let options = OpenOptions::new().create(true).truncate(false).write(true).open(path);
        let mut file = options.map_err(|e| fault(path, e))?;
        file.set_len(good).map_err(|e| fault(path, e))?;
        file.seek(SeekFrom::End(0)).map_err(|e| fault(path, e))?;
        Ok(Self { path: path.to_owned(), file, next, broken: false })
    }

    /// Appends entries and flushes them to the disk. After a failure nothing more is accepted: a failed flush may have
    /// lost what came before (never retry an fsync).
    pub(super) fn append(&mut self, entries: &[Entry]) -> Result<u64, Fault> {
        if self.broken {
            return Err(fault(&self.path, "an earlier write failed"));
        }
        let mut text = String::new();
        for entry in entries {
            text.push_str(&line_of(entry).map_err(|e| fault(&self.path, e))?);
        }
        let written = self.file.write_all(text.as_bytes()).and_then(|()| self.file.sync_data());
        if let Err(e) = written {
            self.broken = true;
            return Err(fault(&self.path, e));
        }
        self.next += entries.len() as u64;
        Ok(self.next)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::{TenantName, Timestamp};
    use crate::model::EntryKind;

    fn entry(run: &str) -> Entry {
        Entry {
            at: Timestamp::UNIX_EPOCH,
            run: run.into(),
            tenant: TenantName::parse("acme").unwrap(),
            kind: EntryKind::Ended { complete: true },
        }
    }

    fn all(path: &Path) -> Result<Vec<String>, Fault> {
        let mut runs = Vec::new();
        read(path, &mut |e| runs.push(e.run))?;
        Ok(runs)
    }

    #[test]
    fn a_journal_cut_at_every_byte_opens_and_goes_on() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        Journal::open(&path).unwrap().append(&[entry("a"), entry("b")]).unwrap();
        let whole = std::fs::read(&path).unwrap();
        let one = whole.iter().position(|b| *b == b'\n').unwrap() + 1;
        for cut in 0..=whole.len() {
            std::fs::write(&path, &whole[..cut]).unwrap();
            let want: &[&str] = if cut == whole.len() {
                &["a", "b"]
            } else if cut >= one {
                &["a"]
            } else {
                &[]
            };
            assert_eq!(all(&path).unwrap(), want, "cut at {cut}");
            Journal::open(&path).unwrap().append(&[entry("c")]).unwrap();
            assert_eq!(all(&path).unwrap().last().unwrap(), "c");
        }
    }

    #[test]
    fn damage_before_the_end_is_an_error() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("journal");
        Journal::open(&path).unwrap().append(&[entry("a"), entry("b")]).unwrap();
        let mut bytes = std::fs::read(&path).unwrap();
        bytes[20] ^= 1;
        std::fs::write(&path, bytes).unwrap();
        assert!(all(&path).unwrap_err().to_string().contains("line 1 is damaged"));
    }
}
