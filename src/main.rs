//! The binary: hands the command line to the library and nothing else.

fn main() -> std::process::ExitCode {
    mailwright::cli::main()
}
