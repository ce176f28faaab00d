//! The driver for Modoboa on the real server (`tests/peers/modoboa.sh`): the program is run as a user runs it, and what came of
//! it is asked of Modoboa's own API and of Postfix, never of the driver.

mod drift;
mod import;
mod site;
mod throttled;
mod traps;
mod witness;
