//! The client against servers that answer raw bytes.

mod conditional;
mod gates;
mod pacing;
mod raw;
mod reads;
mod tls;
mod writes;
