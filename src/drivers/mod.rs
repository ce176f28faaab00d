//! Floor 4: the kinds of panel, one folder each, and the table of them. Drivers never import each other.
