//! Drivers as tables.

use crate::render::style::{Styles, paint};
use crate::render::text::page::pad;
use crate::render::view::{DriverView, KindView};

/// All drivers as text.
#[must_use]
pub fn drivers(all: &[DriverView], styles: Styles) -> String {
    all.iter().map(|d| one(d, styles)).collect::<Vec<_>>().join("\n")
}

fn one(driver: &DriverView, styles: Styles) -> String {
    let mut out = format!("{}  {}\n\n", paint(styles.strong, &driver.name), driver.about);
    for kind in &driver.kinds {
        out.push_str(&line(kind, styles));
    }
    out.push('\n');
    for operation in &driver.operations {
        let name = format!("{:?}", operation.operation).to_lowercase();
        let exact = if operation.exact { paint(styles.good, "exact    ") } else { paint(styles.warn, "not exact") };
        out.push_str(format!("  {}{exact}  {}", pad(&name, 17), operation.by.join(", ")).trim_end());
        out.push('\n');
    }
    let yes = |has: bool, yes: &str, no: &str| if has { yes.to_owned() } else { no.to_owned() };
    out.push_str(&format!(
        "\n  {}\n",
        yes(driver.lease, "writers exclude each other by a lease", "single writer not enforced by this panel")
    ));
    out.push_str(&format!(
        "  {}\n",
        yes(driver.counts_mail, "counts mail per recipient", "does not count mail: what would bounce is not judged")
    ));
    if let Some(most) = driver.bulk {
        out.push_str(&format!("  up to {most} users in one bulk call\n"));
    }
    out
}

fn line(kind: &KindView, styles: Styles) -> String {
    let style = match kind.support.as_str() {
        "managed" => styles.good,
        "absent" => styles.dim,
        _ => styles.warn,
    };
    let mut rest = kind.can.join(", ");
    if let Some(why) = &kind.why {
        rest = why.clone();
    }
    let except: Vec<String> = kind.except.iter().map(|(field, support)| format!("{field}: {support}")).collect();
    if !except.is_empty() {
        rest.push_str(&format!("   except {}", except.join(", ")));
    }
    format!("  {}{}  {rest}", pad(kind.kind.word(), 17), paint(style, &pad(&kind.support, 9))).trim_end().to_owned() + "\n"
}
