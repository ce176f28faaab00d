//! Single rules of the protocol, by hand.
