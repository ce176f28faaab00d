//! What the checks need to know of a file, as plain data: paths, async, macros, texts, attributes, functions, items.
//!
//! Paths into the house are made absolute (`crate::room::…`), whether written with `crate`, `self`, `super` or the
//! package's name. Every fact says whether it stands in test code. Deliberately absent: types and name resolution; a
//! path is what is written.

use crate::items::{attributes, in_tests_only, logic};
use crate::tokens;
use syn::spanned::Spanned as _;
use syn::visit::{self, Visit};

/// Something written at a line, in test code or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact<T> {
    pub what: T,
    pub line: usize,
    pub test: bool,
}

/// A function with a body; lines from `fn` to the closing brace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Function {
    pub name: String,
    pub line: usize,
    pub lines: usize,
}

/// All facts of one file.
#[derive(Debug, Default)]
pub struct Facts {
    /// Where the file stands in the crate.
    pub module: Vec<String>,
    /// Every path written, in segments.
    pub paths: Vec<Fact<Vec<String>>>,
    /// `async` and `.await`.
    pub asyncs: Vec<Fact<&'static str>>,
    /// Macros that are called, by their last name.
    pub macros: Vec<Fact<String>>,
    /// String literals; doc comments are none.
    pub texts: Vec<Fact<String>>,
    /// `#[allow(...)]`.
    pub allows: Vec<Fact<()>>,
    /// Functions and methods with a body, in test code too.
    pub functions: Vec<Function>,
    /// Top-level items other than `use` and `mod name;`.
    pub logic: Vec<Fact<&'static str>>,
    /// Modules in files of their own that exist in tests only.
    pub test_modules: Vec<Vec<String>>,
}

impl Facts {
    /// Marks everything as test code.
    pub fn all_test(&mut self) {
        self.paths.iter_mut().for_each(|f| f.test = true);
        self.asyncs.iter_mut().for_each(|f| f.test = true);
        self.macros.iter_mut().for_each(|f| f.test = true);
        self.texts.iter_mut().for_each(|f| f.test = true);
    }
}

/// Parses a file and reads its facts.
pub fn read(module: Vec<String>, text: &str) -> syn::Result<Facts> {
    let ast = syn::parse_file(text)?;
    let mut reader = Reader { inside: module.clone(), facts: Facts { module, ..Facts::default() }, tests: 0, owner: String::new() };
    for item in &ast.items {
        if let Some(kind) = logic(item) {
            reader.facts.logic.push(Fact { what: kind, line: item.span().start().line, test: false });
        }
    }
    reader.visit_file(&ast);
    Ok(reader.facts)
}

struct Reader {
    facts: Facts,
    /// The module that is being read, with inline modules.
    inside: Vec<String>,
    /// How many enclosing items exist in tests only.
    tests: usize,
    /// The type or trait whose methods are being read, with `::`.
    owner: String,
}

impl Reader {
    fn fact<T>(&self, what: T, line: usize) -> Fact<T> {
        Fact { what, line, test: self.tests > 0 }
    }
    fn path(&mut self, segments: Vec<String>, line: usize) {
        let fact = self.fact(absolute(segments, &self.inside), line);
        self.facts.paths.push(fact);
    }
    fn function(&mut self, sig: &syn::Signature, block: &syn::Block) {
        let line = sig.fn_token.span.start().line;
        let lines = block.brace_token.span.close().end().line + 1 - line;
        self.facts.functions.push(Function { name: format!("{}{}", self.owner, sig.ident), line, lines });
    }
    fn tokens(&mut self, stream: proc_macro2::TokenStream, attribute: bool) {
        for (word, line) in tokens::scan(stream, attribute) {
            match word {
                tokens::Word::Path(segments) => self.path(segments, line),
                tokens::Word::Macro(name) => self.facts.macros.push(self.fact(name, line)),
                tokens::Word::Async(what) => self.facts.asyncs.push(self.fact(what, line)),
                tokens::Word::Text(text) => self.facts.texts.push(self.fact(text, line)),
                tokens::Word::Allow => self.facts.allows.push(self.fact((), line)),
            }
        }
    }
    fn use_tree(&mut self, tree: &syn::UseTree, before: &[String]) {
        let mut path = before.to_vec();
        let (name, line) = match tree {
            syn::UseTree::Path(p) => {
                path.push(p.ident.to_string());
                return self.use_tree(&p.tree, &path);
            }
            syn::UseTree::Group(g) => return g.items.iter().for_each(|t| self.use_tree(t, &path)),
            syn::UseTree::Name(n) => (n.ident.to_string(), n.ident.span()),
            syn::UseTree::Rename(r) => (r.ident.to_string(), r.ident.span()),
            syn::UseTree::Glob(g) => ("*".to_owned(), g.star_token.span()),
        };
        if name != "self" || path.is_empty() {
            path.push(name);
        }
        if path.len() == 1 && !matches!(path[0].as_str(), "crate" | "self" | "super") {
            path.push("self".to_owned()); // a whole crate, where a lone word elsewhere may be a variable
        }
        self.path(path, line.start().line);
    }
    fn under(&mut self, attrs: &[syn::Attribute], visit: impl FnOnce(&mut Self)) {
        let test = attrs.iter().any(in_tests_only);
        self.tests += usize::from(test);
        visit(self);
        self.tests -= usize::from(test);
    }
    fn owned(&mut self, owner: String, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::replace(&mut self.owner, format!("{owner}::"));
        visit(self);
        self.owner = before;
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        self.under(attributes(item), |r| visit::visit_item(r, item));
    }
    fn visit_item_mod(&mut self, item: &'ast syn::ItemMod) {
        self.inside.push(item.ident.to_string());
        if item.content.is_none() && self.tests > 0 {
            self.facts.test_modules.push(self.inside.clone());
        }
        visit::visit_item_mod(self, item);
        self.inside.pop();
    }
    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree(&item.tree, &[]);
        visit::visit_item_use(self, item);
    }
    fn visit_item_fn(&mut self, item: &'ast syn::ItemFn) {
        self.function(&item.sig, &item.block);
        visit::visit_item_fn(self, item);
    }
    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        let owner = match &*item.self_ty {
            syn::Type::Path(p) => p.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default(),
            _ => "impl".to_owned(),
        };
        self.owned(owner, |r| visit::visit_item_impl(r, item));
    }
    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.owned(item.ident.to_string(), |r| visit::visit_item_trait(r, item));
    }
    fn visit_impl_item_fn(&mut self, item: &'ast syn::ImplItemFn) {
        self.function(&item.sig, &item.block);
        self.under(&item.attrs, |r| visit::visit_impl_item_fn(r, item));
    }
    fn visit_trait_item_fn(&mut self, item: &'ast syn::TraitItemFn) {
        if let Some(block) = &item.default {
            self.function(&item.sig, block);
        }
        visit::visit_trait_item_fn(self, item);
    }
    fn visit_signature(&mut self, sig: &'ast syn::Signature) {
        if let Some(token) = &sig.asyncness {
            self.facts.asyncs.push(self.fact("async fn", token.span.start().line));
        }
        visit::visit_signature(self, sig);
    }
    fn visit_expr_async(&mut self, e: &'ast syn::ExprAsync) {
        self.facts.asyncs.push(self.fact("async block", e.async_token.span.start().line));
        visit::visit_expr_async(self, e);
    }
    fn visit_expr_await(&mut self, e: &'ast syn::ExprAwait) {
        self.facts.asyncs.push(self.fact(".await", e.await_token.span.start().line));
        visit::visit_expr_await(self, e);
    }
    fn visit_expr_closure(&mut self, e: &'ast syn::ExprClosure) {
        if let Some(token) = &e.asyncness {
            self.facts.asyncs.push(self.fact("async closure", token.span.start().line));
        }
        visit::visit_expr_closure(self, e);
    }
    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments = path.segments.iter().map(|s| s.ident.to_string()).collect();
        self.path(segments, path.span().start().line);
        visit::visit_path(self, path);
    }
    fn visit_visibility(&mut self, _: &'ast syn::Visibility) {} // `pub(crate)` imports nothing
    fn visit_macro(&mut self, mac: &'ast syn::Macro) {
        let name = mac.path.segments.last().map(|s| s.ident.to_string()).unwrap_or_default();
        self.facts.macros.push(self.fact(name, mac.path.span().start().line));
        self.tokens(mac.tokens.clone(), false);
        visit::visit_macro(self, mac);
    }
    fn visit_lit_str(&mut self, lit: &'ast syn::LitStr) {
        self.facts.texts.push(self.fact(lit.value(), lit.span().start().line));
    }
    fn visit_attribute(&mut self, attr: &'ast syn::Attribute) {
        let line = attr.pound_token.span.start().line;
        if attr.path().is_ident("allow") {
            self.facts.allows.push(self.fact((), line));
        } else if !attr.path().is_ident("doc") {
            self.visit_path(attr.path());
            if let syn::Meta::List(list) = &attr.meta {
                self.tokens(list.tokens.clone(), true);
            }
        }
    }
}

/// `self`, `super` and the package's name resolved to `crate`; other paths as they are.
fn absolute(segments: Vec<String>, inside: &[String]) -> Vec<String> {
    let mut module = inside.to_vec();
    let mut rest = segments.as_slice();
    match rest {
        [first, ..] if first == "crate" || first == "mailwright" => {
            let mut whole = segments;
            "crate".clone_into(&mut whole[0]);
            return whole;
        }
        [first, _, ..] if first == "self" => rest = &rest[1..],
        [first, ..] if first == "super" => {}
        _ => return segments,
    }
    while let [first, after @ ..] = rest
        && first == "super"
    {
        module.pop();
        rest = after;
    }
    std::iter::once("crate".to_owned()).chain(module).chain(rest.iter().cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn paths(module: &[&str], text: &str) -> Vec<String> {
        let facts = read(module.iter().map(|s| (*s).to_owned()).collect(), text).unwrap();
        facts.paths.iter().filter(|p| !p.test).map(|p| p.what.join("::")).collect()
    }

    #[test]
    fn house_paths_are_absolute_however_they_are_written() {
        assert_eq!(paths(&["plan", "join"], "use super::{build, self as up};"), ["crate::plan::build", "crate::plan"]);
        assert_eq!(paths(&["plan"], "use self::join::Join; use mailwright::base;"), ["crate::plan::join::Join", "crate::base"]);
        assert_eq!(paths(&["plan"], "mod deep { use super::super::config; }"), ["crate::config"]);
        assert_eq!(paths(&["plan"], "use crate::{base::{span, names::*}};"), ["crate::base::span", "crate::base::names::*"]);
        assert!(paths(&["plan"], "fn f() -> crate::base::Span { todo() }").contains(&"crate::base::Span".to_owned()));
        assert!(paths(&["plan"], "fn f() { assert!(crate::cli::ok()); }").contains(&"crate::cli::ok".to_owned()));
        assert!(paths(&["plan"], "struct S { #[serde(with = \"crate::cli::x\")] a: u8 }").contains(&"crate::cli::x".to_owned()));
    }

    #[test]
    fn only_what_exists_in_tests_alone_is_test_code() {
        let all = "#[cfg(test)] mod t { use crate::cli; } #[cfg(all(test, unix))] use crate::cli; #[test] fn f() { crate::cli::x() }";
        assert!(!paths(&[], all).iter().any(|p| p.starts_with("crate")));
        assert_eq!(paths(&[], "#[cfg(not(test))] use crate::cli;")[0], "crate::cli");
        assert_eq!(paths(&[], "#[cfg(any(test, unix))] use crate::cli;")[0], "crate::cli");
    }
}
