//! Questions to a single item: does it exist in tests only, is it more than an entry in a table of contents.

/// Whether an attribute keeps its item to tests: `#[test]`, `#[cfg(test)]`, `#[cfg(all(test, …))]`.
pub fn in_tests_only(attr: &syn::Attribute) -> bool {
    if attr.path().segments.last().is_some_and(|s| s.ident == "test") {
        return true;
    }
    attr.path().is_ident("cfg") && attr.parse_args::<syn::Meta>().is_ok_and(|meta| needs_test(&meta))
}

fn needs_test(meta: &syn::Meta) -> bool {
    type Metas = syn::punctuated::Punctuated<syn::Meta, syn::Token![,]>;
    match meta {
        syn::Meta::Path(path) => path.is_ident("test"),
        syn::Meta::NameValue(_) => false,
        syn::Meta::List(list) => {
            let Ok(parts) = list.parse_args_with(Metas::parse_terminated) else { return false };
            (list.path.is_ident("all") && parts.iter().any(needs_test))
                || (list.path.is_ident("any") && !parts.is_empty() && parts.iter().all(needs_test))
        }
    }
}

/// The kind of an item that is more than a declaration of a module or an import.
pub fn logic(item: &syn::Item) -> Option<&'static str> {
    match item {
        syn::Item::Use(_) => None,
        syn::Item::Mod(m) if m.content.is_none() => None,
        syn::Item::Mod(_) => Some("an inline module"),
        syn::Item::Fn(_) => Some("a function"),
        syn::Item::Impl(_) => Some("an impl"),
        syn::Item::Struct(_) | syn::Item::Enum(_) | syn::Item::Union(_) | syn::Item::Type(_) | syn::Item::Trait(_) => Some("a type"),
        syn::Item::Const(_) | syn::Item::Static(_) => Some("a constant"),
        syn::Item::Macro(_) => Some("a macro"),
        _ => Some("an item"),
    }
}

/// The attributes of any item.
pub fn attributes(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(i) => &i.attrs,
        syn::Item::Enum(i) => &i.attrs,
        syn::Item::ExternCrate(i) => &i.attrs,
        syn::Item::Fn(i) => &i.attrs,
        syn::Item::ForeignMod(i) => &i.attrs,
        syn::Item::Impl(i) => &i.attrs,
        syn::Item::Macro(i) => &i.attrs,
        syn::Item::Mod(i) => &i.attrs,
        syn::Item::Static(i) => &i.attrs,
        syn::Item::Struct(i) => &i.attrs,
        syn::Item::Trait(i) => &i.attrs,
        syn::Item::Type(i) => &i.attrs,
        syn::Item::Union(i) => &i.attrs,
        syn::Item::Use(i) => &i.attrs,
        _ => &[],
    }
}
