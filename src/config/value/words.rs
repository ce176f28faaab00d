//! The closed sets of words: an unknown one is refused with the nearest good one.

use super::Scalar;
use crate::config::reading::Reading;
use crate::model::approval::Evidence;
use crate::model::directory::{Schedule, Source, Tls};
use crate::model::user::{UserKind, UserStatus};
use crate::model::{Authority, Kind, RelayCheck};
use toml::Spanned;
use toml::de::DeValue;

fn word<T>(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>, words: &[&'static str], parse: fn(&str) -> Option<T>) -> Option<T> {
    let DeValue::String(written) = value.get_ref() else {
        cx.wrong_type(value, "a text");
        return None;
    };
    let found = parse(written);
    if found.is_none() {
        let span = cx.span(value.span());
        cx.unknown_word(written, span, words);
    }
    found
}

macro_rules! word_scalars {
    ($($ty:ty),* $(,)?) => { $(
        impl Scalar for $ty {
            fn scalar(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
                word(value, cx, <$ty>::WORDS, <$ty>::parse)
            }
        }
    )* };
}
word_scalars!(Authority, RelayCheck, UserKind, UserStatus, Tls, Source, Schedule, Evidence);

impl Scalar for Kind {
    fn scalar(value: &Spanned<DeValue<'_>>, cx: &mut Reading<'_>) -> Option<Self> {
        let words: Vec<&'static str> = Kind::ALL.iter().map(|k| k.word()).collect();
        word(value, cx, &words, Kind::parse)
    }
}
