//! The client against servers that answer raw bytes.

mod raw;
mod reads;
mod tls;
mod writes;
