//! Floor 7: the command line. A command parses, calls one function of the engine, prints.
