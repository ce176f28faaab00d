# Sourced by the run.sh of each example: a program, and a copy of the example's folder to work on.
#
# Sets `top` (the repository), `mailwright` (the program: what MAILWRIGHT names, else a development build, which takes a
# third of the time of a release build) and `work` (the copy, removed at the end; a trap of the caller's removes it itself).
top="$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)"
mailwright="${MAILWRIGHT:-}"
if [ -z "$mailwright" ]; then
    cargo build --locked --manifest-path "$top/Cargo.toml"
    mailwright="${CARGO_TARGET_DIR:-$top/target}/debug/mailwright"
fi
work="$(mktemp -d)"
trap 'rm -rf "$work"' EXIT
cp -R "$(dirname "${BASH_SOURCE[1]}")/." "$work"
