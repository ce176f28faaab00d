#!/usr/bin/env bash
# Passes all tests, installing what they need: bash tests/all.sh
#
# Peers go into target/peers and are kept between runs. What this machine cannot have is named at the end and counts
# as skipped; with MAILWRIGHT_SKIPS_ARE_FAILURES=1 a skip is a failure. Arguments are handed to `cargo test`.
#
# Tests find what they need in the environment:
#   MAILWRIGHT_RELEASE_BIN   an optimised binary (profile `checked`, or a release build)
#   MAILWRIGHT_SCHEMATHESIS  the schemathesis program; not set where it cannot be had
#   MAILWRIGHT_SLAPD         set where slapd and its tools are installed
#   MAILWRIGHT_MODOBOA       the folder of a Modoboa that can be started; not set where it cannot be had
#   MAILWRIGHT_SKIP_LOG      a test that cannot run appends "name: reason" to this file
set -euo pipefail
cd "$(dirname "$0")/.."

target=$(realpath -m "${CARGO_TARGET_DIR:-target}")
peers=$target/peers
mkdir -p "$peers"
export MAILWRIGHT_RELEASE_BIN=$target/checked/mailwright
export MAILWRIGHT_SKIP_LOG=$peers/skipped.txt
: >"$MAILWRIGHT_SKIP_LOG"

say() { printf '== %s\n' "$*" >&2; }
skip() { printf '%s: %s\n' "$1" "$2" >>"$MAILWRIGHT_SKIP_LOG"; }

# Installs Debian packages where that is possible; says nothing where it is not: the caller sees what is missing.
debian() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    if [ ! -e "$peers/apt-updated" ]; then
        apt-get update -qq >&2 || return 1
        touch "$peers/apt-updated"
    fi
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >&2
}

need_build_tools() {
    command -v cargo >/dev/null || { say "cargo is missing: install Rust ($(grep '^rust-version' Cargo.toml) or newer)"; exit 1; }
    command -v cc >/dev/null || debian gcc libc6-dev || { say "a C compiler is missing (SQLite is built from source): install gcc"; exit 1; }
}

# schemathesis judges the panel by the panel's own OpenAPI document.
get_schemathesis() {
    local wanted=tests/peers/requirements.txt venv=$peers/venv
    if ! cmp -s "$wanted" "$venv/installed.txt"; then
        rm -rf "$venv"
        command -v python3 >/dev/null || debian python3 || { skip schemathesis "no python3"; return; }
        python3 -c 'import ensurepip, venv' 2>/dev/null || debian python3-venv || { skip schemathesis "python3 has no venv"; return; }
        python3 -m venv "$venv" >&2 || { skip schemathesis "no virtual environment could be made"; return; }
        "$venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted" >&2 || { skip schemathesis "pip could not install it"; return; }
        cp "$wanted" "$venv/installed.txt"
    fi
    export MAILWRIGHT_SCHEMATHESIS=$venv/bin/schemathesis
}

# OpenLDAP is the directory that users are synchronised from.
get_slapd() {
    bash tests/peers/slapd.sh install || { skip slapd "it is not installed, and this user cannot install it"; return; }
    export MAILWRIGHT_SLAPD=1
}

# Modoboa is a panel that is not ours. It needs a minute or two the first time, and is kept.
get_modoboa() {
    local home=$peers/modoboa why
    if ! bash tests/peers/modoboa.sh ready "$home"; then
        say "modoboa"
        # what goes into its Python environment is compiled; these packages start nothing
        echo '#include <rrd.h>' | cc -E - >/dev/null 2>&1 || debian librrd-dev || true
        python3 -c 'import ensurepip, venv' 2>/dev/null || debian python3-venv || true
    fi
    why=$(bash tests/peers/modoboa.sh install "$home" 2>&1 >/dev/null) || { skip modoboa "$(tail -1 <<<"$why")"; return; }
    export MAILWRIGHT_MODOBOA=$home
}

need_build_tools
say "peers (after $SECONDS s)"
get_schemathesis
get_slapd
get_modoboa
# The simulation makes tens of thousands of plans: optimised, in a tenth of the time. The binary comes with it.
say "simulation (after $SECONDS s)"
cargo test --locked --profile checked --test sim "$@"
# Many tests wait for servers.
say "tests (after $SECONDS s)"
RUST_TEST_THREADS=${RUST_TEST_THREADS:-$(($(nproc) + 1))} cargo test --locked --lib --bins --test it --test tidy "$@"
cargo test --locked --doc "$@"

if [ -s "$MAILWRIGHT_SKIP_LOG" ]; then
    say "skipped on this machine:"
    sort -u "$MAILWRIGHT_SKIP_LOG" | sed 's/^/   /' >&2
    if [ "${MAILWRIGHT_SKIPS_ARE_FAILURES:-}" = 1 ]; then
        say "a skip is a failure here"
        exit 1
    fi
fi
say "all tests passed (after $SECONDS s)"
