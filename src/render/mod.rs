//! Floor 2, top room: plans and findings as text, JSON and markdown, all from one view. Pure.
