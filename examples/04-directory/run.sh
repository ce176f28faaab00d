#!/usr/bin/env bash
# Users from a directory: a real LDAP server, a served panel that reads it each hour, and two mistakes that do no harm.
# Works on a copy of this folder. Needs Rust, curl, and slapd (tests/peers/slapd.sh installs it on Debian, as root).
# MAILWRIGHT names a program that is built already.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../workspace.sh"
slapd="$top/tests/peers/slapd.sh"
bash "$slapd" install || { echo "slapd is not installed" >&2; exit 1; }

panel=""
end() {
    [ -z "$panel" ] || kill "$panel" 2>/dev/null || true
    [ ! -e "$work/ldap/slapd.pid" ] || bash "$slapd" stop "$work/ldap"
    rm -rf "$work"
}
trap end EXIT

# the directory: forty people, on ports that no outgoing connection is given
bash "$slapd" make "$work/ldap" 40
for _ in 1 2 3 4 5; do
    port=$((10000 + RANDOM % 10000))
    bash "$slapd" start "$work/ldap" "$port" $((port + 10000)) 2>/dev/null && break
done
[ -e "$work/ldap/slapd.pid" ] || { echo "slapd does not start" >&2; exit 1; }

# the panel: its clock stands still until it is told, and dc1.corp.example is the server above
MAILWRIGHT_TOKEN="$("$mailwright" panel token create --quiet --db "$work/panel.db" --name example --write)"
export MAILWRIGHT_TOKEN
export CORP_BIND=sync-password
"$mailwright" panel serve --quiet --db "$work/panel.db" --listen 127.0.0.1:0 --clock 2025-12-01T08:00:00Z --test-endpoints \
    --ldap-ca "$work/ldap/certs/ca.pem" --ldap-connect "dc1.corp.example:636=127.0.0.1:$((port + 10000))" >"$work/url" &
panel=$!
for _ in $(seq 1 250); do [ -s "$work/url" ] && break; sleep 0.02; done
url="$(cat "$work/url")"
sed -i "s#^url = .*#url = \"$url\"#" "$work/mailwright.toml"

hour() {
    curl -sS --fail -o /dev/null -X POST "$url/test/clock" -H "Authorization: Bearer $MAILWRIGHT_TOKEN" \
        -H 'Content-Type: application/json' -d '{"advance_seconds":3600}'
}
# says the command, runs it, and says how it ended
run() {
    local code=0
    echo "\$ mailwright $*"
    "$mailwright" -C "$work" "$@" 2>&1 || code=$?
    [ "$code" -eq 0 ] || echo "(it ended with $code)"
    echo
}

run plan
id="$("$mailwright" -C "$work" plan 2>/dev/null | sed -n 's/^Plan corp \([0-9a-f]*\).*/\1/p' || true)"
echo "\$ mailwright approve corp $id --approver ann --reason 'users come from the directory'"
"$mailwright" -C "$work" approve corp "$id" --approver ann --reason 'users come from the directory' 2>&1
echo
run apply --yes
echo 'An hour later the panel has read the directory.'
hour
run plan

echo 'Somebody mistypes the search base.'
sed -i 's/ou=people,/ou=peple,/' "$work/tenants/corp.toml"
run apply --yes
echo 'Somebody narrows the filter: one in four would go.'
sed -i 's/ou=peple,/ou=people,/; s/^filter = .*/filter = "(\&(objectClass=user)(!(cn=user000*)))"/' "$work/tenants/corp.toml"
run plan
echo 'Whoever means it says how few may be left, and somebody else approves it.'
sed -i 's/^schedule = .*/&\nmin_users = 25/' "$work/tenants/corp.toml"
run plan
