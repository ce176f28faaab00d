//! One finding with its lines.

use crate::base::finding::Label;
use crate::base::printable::printable;
use crate::base::span::Span;
use crate::base::{Finding, Severity};
use crate::render::{Excerpt, Excerpts};
use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Patch, Renderer, Snippet};
use std::ops::Range;

/// A finding as text, without a blank line after it.
#[must_use]
pub fn draw(finding: &Finding, excerpts: &Excerpts, renderer: &Renderer) -> String {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level.primary_title(printable(&finding.title).into_owned()).id(finding.rule.0);
    let mut group = Group::with_title(title);
    for snippet in snippets(finding, excerpts) {
        group = group.element(snippet);
    }
    if finding.at.as_ref().is_some_and(|at| !excerpts.contains_key(&at.span)) {
        group = group.element(Level::NOTE.message("the file could not be read again to show the place"));
    }
    for note in &finding.notes {
        group = group.element(Level::NOTE.message(printable(note).into_owned()));
    }
    let mut report = Vec::new();
    match (patch(finding, excerpts), &finding.fix) {
        (Some(patch), _) => report.extend([group, patch]),
        (None, Some(fix)) => report.push(group.element(Level::HELP.message(printable(&fix.text).into_owned()))),
        (None, None) => report.push(group),
    }
    renderer.render(&report)
}

/// The fix as a diff, where its text is known.
fn patch<'a>(finding: &'a Finding, excerpts: &'a Excerpts) -> Option<Group<'a>> {
    let fix = finding.fix.as_ref()?;
    let (span, with) = fix.replace.as_ref()?;
    let (excerpt, range) = locate(*span, finding, excerpts)?;
    let patch = Patch::new(range, with.as_str());
    let title = Level::HELP.secondary_title(printable(&fix.text).into_owned());
    Some(
        title.element(
            Snippet::source(excerpt.text.as_str()).path(excerpt.file.as_str()).line_start(excerpt.first_line as usize).patch(patch),
        ),
    )
}

/// A snippet for each excerpt that is needed: places on lines that are shown already are marked there.
fn snippets<'a>(finding: &'a Finding, excerpts: &'a Excerpts) -> Vec<Snippet<'a, Annotation<'a>>> {
    let mut drawn: Vec<(Span, &Excerpt, Vec<Annotation<'a>>)> = Vec::new();
    let all = finding.at.iter().map(|l| (AnnotationKind::Primary, l)).chain(finding.also.iter().map(|l| (AnnotationKind::Context, l)));
    for (kind, label) in all {
        let home = drawn.iter_mut().find_map(|(span, excerpt, marks)| Some((within(*span, excerpt, label.span)?, marks)));
        if let Some((range, marks)) = home {
            marks.push(mark(kind, range, label));
        } else if let Some(excerpt) = excerpts.get(&label.span) {
            drawn.push((label.span, excerpt, vec![mark(kind, clamp(&excerpt.text, excerpt.mark.clone()), label)]));
        }
    }
    let snippet = |(_, excerpt, marks): (Span, &'a Excerpt, Vec<Annotation<'a>>)| {
        Snippet::source(excerpt.text.as_str()).path(excerpt.file.as_str()).line_start(excerpt.first_line as usize).annotations(marks)
    };
    drawn.into_iter().map(snippet).collect()
}

fn mark<'a>(kind: AnnotationKind, range: Range<usize>, label: &'a Label) -> Annotation<'a> {
    let annotation = kind.span(range);
    if label.text.is_empty() { annotation } else { annotation.label(printable(&label.text).into_owned()) }
}

/// The excerpt that shows a span, and where in it: its own, or that of the finding's place.
fn locate<'a>(span: Span, finding: &Finding, excerpts: &'a Excerpts) -> Option<(&'a Excerpt, Range<usize>)> {
    if let Some(excerpt) = excerpts.get(&span) {
        return Some((excerpt, clamp(&excerpt.text, excerpt.mark.clone())));
    }
    let at = finding.at.as_ref()?.span;
    let excerpt = excerpts.get(&at)?;
    Some((excerpt, within(at, excerpt, span)?))
}

/// Where a span stands in the excerpt of another span; `None` where those lines are not shown.
fn within(home: Span, excerpt: &Excerpt, span: Span) -> Option<Range<usize>> {
    if home.place.file() != span.place.file() {
        return None;
    }
    let first = home.place.offset().checked_sub(excerpt.mark.start as u64)?;
    let start = usize::try_from(span.place.offset().checked_sub(first)?).ok()?;
    let end = start + span.len as usize;
    (end <= excerpt.text.len() && excerpt.text.is_char_boundary(start) && excerpt.text.is_char_boundary(end)).then_some(start..end)
}

/// A range that cannot make the library panic, whatever the file became since it was read.
fn clamp(text: &str, range: Range<usize>) -> Range<usize> {
    let floor = |at: usize| (0..=at.min(text.len())).rev().find(|i| text.is_char_boundary(*i)).unwrap_or(0);
    let start = floor(range.start);
    start..floor(range.end).max(start)
}
