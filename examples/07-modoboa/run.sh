#!/usr/bin/env bash
# A panel that is not ours: a real Modoboa, what Postfix reads from it, and a change that somebody makes past the files.
# Works on a copy of this folder. Needs Rust and curl, and what tests/peers/modoboa.sh asks for; the first time takes some
# minutes. MAILWRIGHT names a program that is built already, MAILWRIGHT_MODOBOA a folder where Modoboa is installed.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../workspace.sh"
modoboa="$top/tests/peers/modoboa.sh"
home="${MAILWRIGHT_MODOBOA:-${CARGO_TARGET_DIR:-$top/target}/peers/modoboa}"
bash "$modoboa" install "$home" || exit 1

end() {
    [ ! -e "$work/server" ] || bash "$modoboa" stop "$home" "$work/server"
    rm -rf "$work"
}
trap end EXIT
bash "$modoboa" start "$home" "$work/server" $$
url="$(cat "$work/server/url")"
sed -i "s#^url = .*#url = \"$url\"#" "$work/mailwright.toml"
MODOBOA_TOKEN="$(bash "$modoboa" token)"
export MODOBOA_TOKEN JANE_PASSWORD=Correct-Horse-7

# says the command, runs it, and says how it ended
run() {
    local code=0
    echo "\$ mailwright $*"
    "$mailwright" -C "$work" "$@" 2>&1 || code=$?
    [ "$code" -eq 0 ] || echo "(it ended with $code)"
    echo
}
# what Postfix reads: its own program, on the tables that Modoboa writes for it
postfix() {
    echo "\$ postmap -q $2 sqlite:sql-$1.cf"
    bash "$modoboa" ask "$home" "$work/server" "$1" "$2"
}
# another administrator, with a token of his own
other() {
    curl -sS --fail "$url/$1" -H "Authorization: Token $(bash "$modoboa" token other)" -H 'Content-Type: application/json' "${@:2}"
}

run plan
run apply --yes
run plan
echo 'What Postfix reads:'
postfix transport acme.example
postfix relay-recipient-verification anybody@acme.example
postfix aliases orders@shop.example
echo

echo 'Another administrator sends the mail of acme.example elsewhere.'
id="$(other 'domains/?search=acme.example' | sed 's/.*"pk":\([0-9]*\),"name":"acme.example".*/\1/')"
other "domains/$id/" -o /dev/null -X PATCH -d '{"type":"relaydomain","transport":{"service":"relay","settings":{
    "relay_target_host":"mx.elsewhere.example","relay_target_port":25,"relay_verify_recipients":true}}}'
postfix transport acme.example
echo
run drift
echo 'Where mail goes is never changed without an approval, not even back.'
id="$("$mailwright" -C "$work" plan 2>/dev/null | sed -n 's/^Plan acme \([0-9a-f]*\).*/\1/p' || true)"
echo "\$ mailwright approve acme $id --approver ann --reason 'as it is declared'"
"$mailwright" -C "$work" approve acme "$id" --approver ann --reason 'as it is declared' 2>&1
echo
run apply --yes
postfix transport acme.example
