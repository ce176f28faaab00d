//! The rows of a CSV list.

use super::cells::Part;
use super::lines::{Line, Lines};
use super::proxy_addresses::{Entries, read_entries};
use crate::base::Findings;
use crate::base::limits::USER_ALIASES;
use crate::config::csv_rules::{CANNOT_CLEAR, DROPPED_ALIAS, MANY_ALIASES, NO_ADDRESS, ROTATE_CELL, SPACES};
use crate::config::rows::{Cell, Column, CsvLayout, PasswordSource, RawPassword, RawRow, RowBlock};
use crate::config::text_checks::{check_texts, is_powershell_array, powershell_array};
use std::borrow::Cow;

/// Decodes the lines of a block; see [`crate::config::decode_rows`].
pub(crate) fn decode(
    block: &RowBlock<'_>,
    layout: &CsvLayout,
    bytes: &[u8],
    findings: &mut Findings,
    each: &mut dyn FnMut(&RawRow<'_>, &mut Findings),
) {
    let mut rows = Rows::new(block, bytes);
    while rows.lines.advance() {
        if rows.lines.read(layout, findings) == Line::Cells && rows.fill(layout, findings) {
            each(&rows.row, findings);
        }
    }
}

/// Decodes the first line only.
pub(crate) fn read_one<'a>(block: &RowBlock<'_>, layout: &CsvLayout, bytes: &'a [u8], findings: &mut Findings) -> Option<RawRow<'a>> {
    let mut rows = Rows::new(block, bytes);
    while rows.lines.advance() {
        match rows.lines.read(layout, findings) {
            Line::Blank => {}
            Line::Wrong => return None,
            Line::Cells => return rows.fill(layout, findings).then_some(rows.row),
        }
    }
    None
}

struct Rows<'a> {
    lines: Lines<'a>,
    row: RawRow<'a>,
    /// The vector of aliases while no row has it.
    spare: Vec<Cell<'a>>,
}

impl<'a> Rows<'a> {
    fn new(block: &RowBlock<'_>, bytes: &'a [u8]) -> Self {
        let lines = Lines::new(block.file, block.offset, bytes);
        let row = RawRow::new(lines.line_span().place);
        Self { lines, row, spare: Vec::new() }
    }
    /// Fills the row from the cells; `false` where it has no address, which a finding says.
    fn fill(&mut self, layout: &CsvLayout, findings: &mut Findings) -> bool {
        if let Some(aliases) = self.row.aliases.take() {
            self.spare = aliases;
        }
        let span = self.lines.line_span();
        self.row = RawRow::new(span.place);
        self.row.len = span.len;
        let (mut aliases, mut rotate) = (None, None);
        let mut cells = std::mem::take(&mut self.lines.cells);
        for (part, column) in cells.drain(..).zip(&layout.columns) {
            if part.text.is_empty() {
                continue;
            }
            let mut cell = self.cell(part);
            if is_powershell_array(&cell.text) && *column != Column::Refused {
                findings.push(powershell_array(&cell));
                continue;
            }
            if !matches!(column, Column::FirstName | Column::LastName | Column::Group | Column::Aliases) {
                trim(*column, &mut cell, findings);
            }
            if cell.text == "-" {
                cell.text = Cow::Borrowed("");
            }
            self.put(*column, cell, &mut aliases, &mut rotate, findings);
        }
        self.lines.cells = cells;
        if let Some(cell) = aliases {
            self.put_aliases(&cell, findings);
        }
        self.finish(rotate, findings)
    }
    fn cell(&self, part: Part<'a>) -> Cell<'a> {
        Cell { span: self.lines.span(part.start, part.len), text: part.text }
    }
    fn put(
        &mut self,
        column: Column,
        cell: Cell<'a>,
        aliases: &mut Option<Cell<'a>>,
        rotate: &mut Option<Cell<'a>>,
        findings: &mut Findings,
    ) {
        let clears = cell.text.is_empty();
        match column {
            Column::Address if clears => {}
            Column::PreviousAddress | Column::PasswordEnv | Column::Rotate if clears => {
                let found = CANNOT_CLEAR.finding(format!("`-` cannot clear `{}`", column.name())).at(cell.span, "clears nothing");
                findings.push(found.replace(CANNOT_CLEAR.fix, cell.span, ""));
            }
            Column::Address => self.row.address = Some(cell),
            Column::FirstName => self.row.first_name = Some(cell),
            Column::LastName => self.row.last_name = Some(cell),
            Column::Aliases => *aliases = Some(cell),
            Column::Kind => self.row.kind = Some(cell),
            Column::Status => self.row.status = Some(cell),
            Column::PreviousAddress => self.row.previous_address = Some(cell),
            Column::PasswordEnv => self.row.password = Some(RawPassword { from: cell, source: PasswordSource::Env, rotate: None }),
            Column::Rotate => *rotate = Some(cell),
            Column::Group => self.row.group = Some(cell),
            Column::Refused => {}
        }
    }
    /// A cell that clears gives an empty list; one of which nothing is left but dropped entries is not written.
    fn put_aliases(&mut self, cell: &Cell<'a>, findings: &mut Findings) {
        let mut list = std::mem::take(&mut self.spare);
        list.clear();
        if cell.text.is_empty() {
            self.row.aliases = Some(list);
            return;
        }
        let Entries { dropped } = read_entries(cell, self.row.address.as_ref(), &mut list, findings);
        if dropped > 0 {
            let what = if dropped == 1 { "entry is" } else { "entries are" };
            findings.push(DROPPED_ALIAS.finding(format!("{dropped} `X500:` or `SIP:` {what} dropped")).at(cell.span, "no mail addresses"));
        }
        if list.len() > USER_ALIASES {
            findings
                .push(MANY_ALIASES.finding(format!("more than {USER_ALIASES} aliases")).at(cell.span, "this cell").fix(MANY_ALIASES.fix));
        }
        if list.is_empty() {
            self.spare = list;
        } else {
            self.row.aliases = Some(list);
        }
    }
    fn finish(&mut self, rotate: Option<Cell<'a>>, findings: &mut Findings) -> bool {
        match (&mut self.row.password, rotate) {
            (Some(password), rotate) => password.rotate = rotate,
            (None, Some(rotate)) => {
                findings.push(ROTATE_CELL.finding(ROTATE_CELL.title).at(rotate.span, "of which password?").fix(ROTATE_CELL.fix));
            }
            (None, None) => {}
        }
        check_texts(&self.row, findings);
        if self.row.address.is_none() {
            let found = NO_ADDRESS.finding("a row without an address").at(self.row.span(), "this row").fix(NO_ADDRESS.fix);
            findings.push(found);
        }
        self.row.address.is_some()
    }
}

/// Takes spaces off where they would make another value, which is an error.
fn trim(column: Column, cell: &mut Cell<'_>, findings: &mut Findings) {
    let text = cell.text.trim();
    if text.len() == cell.text.len() || column == Column::Refused {
        return;
    }
    let text = text.to_owned();
    let found = SPACES.finding(format!("`{}` has spaces at its start or end", column.name())).at(cell.span, "this cell");
    findings.push(found.replace("remove the spaces", cell.span, text.clone()));
    cell.text = Cow::Owned(text);
}
