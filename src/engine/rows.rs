//! The way of the rows: blocks of declared rows into the resolver, and rows read again at their places for what is shown
//! or done. Nobody owns a large text here: one reused buffer.

use crate::base::limits::{BLOCK_BYTES, ROW_BYTES};
use crate::base::span::{FileId, Place};
use crate::base::{Findings, PrintKey};
use crate::config::{self, DeclaredTenant, RowBlock, RowShape, RowSource};
use crate::engine::positions::positions;
use crate::model::observed::{RowId, SourcePos};
use crate::model::{Fault, FieldMask, Reason, User};
use crate::plan::{DetailRow, Details};
use crate::port::Source;
use crate::resolve::{self, AllowedSecrets, Desired, Heads, KeyCollision, Resolver};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Bytes read at once; a few blocks of [`BLOCK_BYTES`], so that a file is read in few calls.
const READ_BYTES: u64 = 8 * BLOCK_BYTES as u64;
/// Bytes in which at least one whole row must lie.
const PIECE_BYTES: usize = BLOCK_BYTES + ROW_BYTES;

/// The shape of a list's rows, and the stretches where they are.
type Stretches = (RowShape, Vec<Range<u64>>);

/// A source with the numbers of its files.
#[derive(Clone, Copy)]
pub struct Files<'a> {
    /// The source.
    pub source: &'a dyn Source,
    /// Names by [`FileId`].
    pub names: &'a [String],
}

impl Files<'_> {
    fn id(&self, name: &str) -> Option<FileId> {
        self.names.iter().position(|n| n == name).and_then(|i| u32::try_from(i).ok()).map(FileId)
    }
    /// The shape of a list's rows, and the stretches where they are. `None`: a finding says why.
    fn shape(&self, list: &RowSource, file: FileId, findings: &mut Findings) -> Result<Option<Stretches>, Fault> {
        if !list.csv {
            return Ok(Some((RowShape::Toml, list.ranges.clone())));
        }
        let mut head = Vec::new();
        self.source.read(&list.file, 0..ROW_BYTES as u64, &mut head)?;
        let layout = match &list.tombstone {
            None => config::csv_layout(&head, file, findings),
            Some(_) => config::tombstone_layout(&head, file, findings),
        };
        Ok(layout.map(|layout| {
            let from = layout.rows_from;
            (RowShape::Csv(layout), std::iter::once(from..u64::MAX).collect())
        }))
    }
}

/// How often a tenant is resolved again with another key, should two names have one hash.
const KEYS_TRIED: u64 = 4;

/// Resolves the rows of a tenant: every list, block by block.
///
/// # Errors
/// [`Fault`] where a list cannot be read; findings in the inner result.
pub fn desired(
    files: Files<'_>,
    tenant: &DeclaredTenant,
    heads: &Heads,
    allowed: &AllowedSecrets,
    comparable: FieldMask,
    key: PrintKey,
) -> Result<Result<(Desired, Findings), Findings>, Fault> {
    for more in 0..KEYS_TRIED {
        let key = PrintKey(key.0.wrapping_add(more), key.1);
        let mut resolver = Resolver::new(heads, comparable, key).with_secrets(allowed.clone());
        let mut findings = push_all(files, tenant, &mut resolver)?;
        if confirm(files, tenant, heads, &mut resolver)?.is_err() {
            continue;
        }
        let finished = resolver.finish();
        let (desired, found) = finished.map_or_else(|found| (None, found), |(desired, found)| (Some(desired), found));
        findings.append(found);
        // decoders do not know whose list it is; without a name an error would stop all tenants
        let findings = findings.of(heads.name());
        return Ok(match desired {
            Some(desired) if !findings.has_errors() => Ok((desired, findings)),
            Some(_) | None => Err(findings),
        });
    }
    Err(Fault::Local { text: "names clash under every key: please report this".into() })
}

fn push_all(files: Files<'_>, tenant: &DeclaredTenant, resolver: &mut Resolver) -> Result<Findings, Fault> {
    let mut findings = Findings::new();
    for list in &tenant.lists {
        let Some(file) = files.id(&list.file) else {
            findings.push(config::missing_list(list, &tenant.tenant.name));
            continue;
        };
        if let Some((shape, ranges)) = files.shape(list, file, &mut findings)? {
            for range in ranges {
                stretch(files, list, file, &shape, range, &mut |block, bytes| match &list.tombstone {
                    None => resolver.push(block, bytes),
                    Some(tombstone) => resolver.push_tombstones(block, bytes, tombstone),
                })?;
            }
        }
    }
    Ok(findings)
}

/// Feeds a stretch of a file in blocks of whole rows.
fn stretch(
    files: Files<'_>,
    list: &RowSource,
    file: FileId,
    shape: &RowShape,
    range: Range<u64>,
    push: &mut dyn FnMut(&RowBlock<'_>, &[u8]),
) -> Result<(), Fault> {
    let mut buffer = Vec::new();
    let mut at = range.start;
    while at < range.end {
        let end = range.end.min(at.saturating_add(READ_BYTES));
        files.source.read(&list.file, at..end, &mut buffer)?;
        if buffer.is_empty() {
            break;
        }
        let at_end = end == range.end || (buffer.len() as u64) < end - at;
        let mut from = 0;
        while from < buffer.len() {
            let piece = &buffer[from..buffer.len().min(from + PIECE_BYTES)];
            let last = at_end && from + piece.len() == buffer.len();
            let whole = match config::whole_rows(shape, piece, last) {
                // not one whole row in a full piece: a row beyond the limit, which the decoder refuses by name
                0 if piece.len() == PIECE_BYTES => piece.len(),
                0 => break,
                whole => whole,
            };
            push(&RowBlock { file, offset: at + from as u64, shape, domain: list.domain.as_ref() }, &piece[..whole]);
            from += whole;
        }
        at += from as u64;
    }
    Ok(())
}

/// Reads one row again: the places of a tenant's lists, sorted access, one buffer.
pub struct Again<'a> {
    files: Files<'a>,
    lists: BTreeMap<FileId, &'a RowSource>,
    shapes: BTreeMap<FileId, RowShape>,
    buffer: Vec<u8>,
    buffered: Option<(FileId, u64, bool)>,
}

impl<'a> Again<'a> {
    /// For the lists of a tenant.
    #[must_use]
    pub fn new(files: Files<'a>, tenant: &'a DeclaredTenant) -> Self {
        let lists = tenant.lists.iter().filter_map(|l| files.id(&l.file).map(|id| (id, l))).collect();
        Self { files, lists, shapes: BTreeMap::new(), buffer: Vec::new(), buffered: None }
    }

    /// The row at a place, typed, with the fields that come from defaults. `None`: it is no row any more.
    ///
    /// # Errors
    /// [`Fault`] where the file cannot be read.
    pub fn row(&mut self, place: Place, heads: &Heads) -> Result<Option<(User, FieldMask)>, Fault> {
        let Some(list) = self.lists.get(&place.file()).copied() else { return Ok(None) };
        if !self.shapes.contains_key(&place.file()) {
            let shape = self.files.shape(list, place.file(), &mut Findings::new())?;
            let Some((shape, _)) = shape else { return Ok(None) };
            self.shapes.insert(place.file(), shape);
        }
        self.fill(&list.file, place)?;
        let Some((_, start, _)) = self.buffered else { return Ok(None) };
        let from = usize::try_from(place.offset() - start).unwrap_or(usize::MAX).min(self.buffer.len());
        let to = self.buffer.len().min(from + ROW_BYTES);
        let shape = self.shapes.get(&place.file()).expect("the shape was put there above");
        let block = RowBlock { file: place.file(), offset: place.offset(), shape, domain: list.domain.as_ref() };
        let read = config::read_row(&block, &self.buffer[from..to], &mut Findings::new());
        Ok(read.and_then(|raw| resolve::row_user(&raw, heads)))
    }

    /// Makes sure that the buffer holds a whole row at the place.
    fn fill(&mut self, name: &str, place: Place) -> Result<(), Fault> {
        if let Some((file, start, ended)) = self.buffered
            && file == place.file()
            && place.offset() >= start
        {
            let left = (start + self.buffer.len() as u64).saturating_sub(place.offset());
            if left >= ROW_BYTES as u64 || (ended && left > 0) {
                return Ok(());
            }
        }
        let range = place.offset()..place.offset() + READ_BYTES;
        self.files.source.read(name, range, &mut self.buffer)?;
        let ended = (self.buffer.len() as u64) < READ_BYTES;
        self.buffered = Some((place.file(), place.offset(), ended));
        Ok(())
    }
}

/// Suspected duplicates are confirmed by reading both rows: a clash of hashes is no error.
fn confirm(files: Files<'_>, tenant: &DeclaredTenant, heads: &Heads, resolver: &mut Resolver) -> Result<Result<(), KeyCollision>, Fault> {
    let mut again = Again::new(files, tenant);
    let mut trouble = Ok(());
    let confirmed = resolver.confirm(&mut |place| match again.row(place, heads) {
        Ok(row) => row.map(|(user, _)| user),
        Err(fault) => {
            trouble = Err(fault);
            None
        }
    });
    trouble.map(|()| confirmed)
}

/// What a plan needs of rows: those in full, read again; each must give the same print, else it changed while reading.
///
/// # Errors
/// [`Fault`] where a file cannot be read.
pub fn details(
    files: Files<'_>,
    tenant: &DeclaredTenant,
    desired: &Desired,
    rows: &BTreeSet<RowId>,
    comparable: FieldMask,
) -> Result<Details, Fault> {
    let mut places: BTreeSet<Place> = rows.iter().map(|row| desired.users.place(*row)).collect();
    desired.heads.visit(&mut |_, at, attrs| {
        places.insert(at.place);
        places.extend(attrs.values().map(|(_, span)| span.place));
    });
    places.extend(desired.heads.removed.iter().map(|r| r.at.place));
    places.extend(desired.heads.renamed.iter().map(|r| r.at.place));
    places.insert(desired.heads.tenant.at.place);
    let positions = positions(files.source, files.names, &places)?;
    let mut again = Again::new(files, tenant);
    let mut order: Vec<RowId> = rows.iter().copied().collect();
    order.sort_by_key(|row| desired.users.place(*row));
    let mut out = Vec::with_capacity(order.len());
    for row in order {
        let at = positions.get(&desired.users.place(row)).cloned();
        let at = at.unwrap_or(SourcePos { file: String::new(), line: 0, column: 0 });
        out.push((row, detail(&mut again, desired, row, comparable, at)?));
    }
    // made at once it is packed; a map that grows in order is half empty
    Ok(Details { rows: out.into_iter().collect(), positions, ..Details::default() })
}

fn detail(
    again: &mut Again<'_>,
    desired: &Desired,
    row: RowId,
    comparable: FieldMask,
    at: SourcePos,
) -> Result<Result<DetailRow, Reason>, Fault> {
    let changed = || Reason::SourceChanged { place: at.to_string() };
    let mut whole: Option<(User, FieldMask)> = None;
    for place in desired.users.places(row) {
        let Some(part) = again.row(place, &desired.heads)? else { return Ok(Err(changed())) };
        match &mut whole {
            None => whole = Some(part),
            Some(sum) => {
                if sum.0.address != part.0.address || !resolve::add_up(sum, part) {
                    return Ok(Err(changed()));
                }
            }
        }
    }
    let Some((user, by_default)) = whole else { return Ok(Err(changed())) };
    if resolve::print_user(&user, comparable, desired.users.key()) != desired.users.print(row) {
        return Ok(Err(changed()));
    }
    Ok(Ok(DetailRow { user, at, by_default }))
}
