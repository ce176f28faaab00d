//! `--output FORMAT[=FILE]`: one or several forms of the same view, each to stdout or to a file.

use crate::cli::failure::Failure;
use crate::cli::terminal::Terminal;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// A form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
    /// For machines.
    Json,
    /// For comments.
    Markdown,
}

/// A form and where it goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Output {
    /// The form.
    pub format: Format,
    /// The file; `None`: stdout.
    pub file: Option<PathBuf>,
}

impl FromStr for Output {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let (word, file) = text.split_once('=').map_or((text, None), |(word, file)| (word, Some(file)));
        let format = match word {
            "text" => Format::Text,
            "json" => Format::Json,
            "markdown" => Format::Markdown,
            _ => return Err("write text, json or markdown, each with =FILE if it is to go to a file".to_owned()),
        };
        if file == Some("") {
            return Err(format!("name a file after `{word}=`"));
        }
        Ok(Self { format, file: file.map(PathBuf::from) })
    }
}

/// `--output`, repeatable.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Outputs {
    /// text, json or markdown; with =FILE into a file. May be repeated; without one for stdout, text goes there
    #[arg(long = "output", short = 'o', value_name = "FORMAT[=FILE]")]
    pub output: Vec<Output>,
}

impl Outputs {
    /// What is asked for, with text on stdout where nothing else goes there.
    ///
    /// # Errors
    /// Two forms on stdout: nobody could tell them apart.
    pub fn all(&self) -> Result<Vec<Output>, Failure> {
        let mut all = self.output.clone();
        match all.iter().filter(|o| o.file.is_none()).count() {
            0 => all.insert(0, Output { format: Format::Text, file: None }),
            1 => {}
            _ => return Err(Failure::new("only one --output can go to stdout; give the others a file: --output json=FILE")),
        }
        Ok(all)
    }
    /// The form on stdout.
    #[must_use]
    pub fn on_stdout(&self) -> Format {
        self.output.iter().find(|o| o.file.is_none()).map_or(Format::Text, |o| o.format)
    }
    /// Writes each form where it is to go. `draw` gets the form and whether it goes to a file, where there are no
    /// colours.
    ///
    /// # Errors
    /// A file that cannot be written, or what `draw` says.
    pub fn deliver(&self, terminal: Terminal, draw: &mut dyn FnMut(Format, bool) -> Result<String, Failure>) -> Result<(), Failure> {
        for output in self.all()? {
            let text = draw(output.format, output.file.is_some())?;
            match &output.file {
                None => terminal.print(&text),
                Some(file) => {
                    write(file, &text)?;
                    terminal.say(&format!("wrote {}", file.display()));
                }
            }
        }
        Ok(())
    }
}

/// Writes a file whole or not at all: readers never see half of it.
///
/// # Errors
/// A [`Failure`] that names the file.
pub fn write(file: &Path, text: &str) -> Result<(), Failure> {
    let fail = |e: &std::io::Error| Failure::file(file, "written", e);
    let folder = file.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut new = tempfile::NamedTempFile::new_in(folder).map_err(|e| fail(&e))?;
    std::io::Write::write_all(&mut new, text.as_bytes()).map_err(|e| fail(&e))?;
    readable(new.as_file());
    new.persist(file).map_err(|e| fail(&e.error))?;
    Ok(())
}

/// Temporary files are for their owner only; what we write is for everybody whom the folder lets in.
fn readable(file: &std::fs::File) {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        // A file system without permissions is no reason to fail.
        drop(file.set_permissions(std::fs::Permissions::from_mode(0o644)));
    }
    #[cfg(not(unix))]
    let _ = file;
}

/// A value as JSON; a failure would be a defect of ours.
///
/// # Errors
/// A [`Failure`] that asks for a report.
pub fn as_json<T: serde::Serialize>(value: &T) -> Result<String, Failure> {
    crate::render::json::json(value).map_err(|e| Failure::new(format!("this could not be written as JSON, please report it: {e}")))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outputs(all: &[&str]) -> Outputs {
        Outputs { output: all.iter().map(|t| t.parse().unwrap()).collect() }
    }

    #[test]
    fn text_goes_to_stdout_where_nothing_else_does() {
        let all = outputs(&["json=a.json", "markdown=b.md"]).all().unwrap();
        assert_eq!(all.len(), 3);
        assert_eq!(all[0], Output { format: Format::Text, file: None });
        assert_eq!(outputs(&["json"]).all().unwrap().len(), 1);
        assert!(outputs(&["json", "text"]).all().is_err());
        assert!("yaml".parse::<Output>().is_err() && "json=".parse::<Output>().is_err());
    }

    #[test]
    fn files_are_replaced_whole() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("x.txt");
        write(&file, "one").unwrap();
        write(&file, "two").unwrap();
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "two");
        assert!(write(&dir.path().join("no/x.txt"), "x").unwrap_err().text.contains("no/x.txt"));
    }
}
