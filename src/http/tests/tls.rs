//! TLS with a certificate authority of one's own.
