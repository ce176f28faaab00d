#!/usr/bin/env bash
# The three ways of cleaning a list that grew for years, and what each really does. A panel is served on loopback with a
# clock of its own, so that a night passes in a moment. Works on a copy of this folder. Needs Rust and bash; nothing
# else. MAILWRIGHT names a program that is built already.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../workspace.sh"

"$mailwright" -C "$work" panel serve --quiet --db "$work/panel.db" --listen 127.0.0.1:0 --clock 2040-01-09T08:00:00Z \
    --time-zone Europe/Berlin --test-endpoints > "$work/address" &
panel=$!
trap 'kill "$panel" 2> /dev/null || true; wait "$panel" 2> /dev/null || true; rm -rf "$work"' EXIT
until [ -s "$work/address" ]; do sleep 0.1; done
url="$(cat "$work/address")"
PANEL_TOKEN="$("$mailwright" -C "$work" panel token create --quiet --db "$work/panel.db" --name example --write)"
export PANEL_TOKEN
cat > "$work/mailwright.toml" << TOML
schema = "mailwright/v1"

[providers.edge]
driver = "panel"
url = "$url"
token = { env = "PANEL_TOKEN" }
TOML

# Warnings of the files go to stderr and are left out here.

# What time and other people's mail do: POST to the panel's test endpoints.
tell() {
    local port="${url#http://127.0.0.1:}"
    port="${port%%/*}"
    exec 3<> "/dev/tcp/127.0.0.1/$port"
    printf 'POST /v1/test/%s HTTP/1.1\r\nHost: panel\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %s\r\nConnection: close\r\n\r\n%s' \
        "$1" "$PANEL_TOKEN" "${#2}" "$2" >&3
    head -n 1 <&3 | grep -q ' 20' || { echo "the panel refused $1" && exit 1; }
    exec 3>&- 3<&-
}
say() { printf '%s\n' "$@"; }
list="$work/tenants/initech/users.csv"
"$mailwright" -C "$work" apply --yes > /dev/null 2>&1

say '== Method 1: delete, and let relay check smtp make the users again' ''
say '$ cp next/one-less.csv tenants/initech/users.csv'
cp "$work/next/one-less.csv" "$list"
say '$ mailwright apply --yes'
"$mailwright" -C "$work" apply --yes 2> /dev/null
say '' '... two clean mails to the one who went, and the night passes' ''
tell mail '{"recipient":"jan.frost@initech.example","count":2,"at":"2040-01-09T12:00:00Z"}'
tell clock '{"now":"2040-01-09T22:00:00Z"}'
say '$ mailwright plan'
"$mailwright" -C "$work" plan 2> /dev/null || [ $? -eq 2 ]

say '' '== Method 2: the list decides, and an import replaces it' ''
say '$ cp next/eight-left.csv tenants/initech/users.csv'
cp "$work/next/eight-left.csv" "$list"
say "\$ sed -i 's/\"smtp\"/\"control-panel\"/' tenants/initech/tenant.toml"
sed -i.bak 's/"smtp"/"control-panel"/' "$work/tenants/initech/tenant.toml" && rm "$work/tenants/initech/tenant.toml.bak"
say '$ mailwright plan --output json=plan.json --output text'
"$mailwright" -C "$work" plan --output "json=$work/plan.json" --output text 2> /dev/null || [ $? -eq 4 ]
say '' "\$ mailwright approve plan.json --approver kim --reason 'they left; HR list of 8 January'"
"$mailwright" -C "$work" approve "$work/plan.json" --approver kim --reason 'they left; HR list of 8 January' > /dev/null 2>&1
say '$ mailwright apply plan.json --yes'
"$mailwright" -C "$work" apply "$work/plan.json" --yes 2> /dev/null | sed -n '/applied/,$p'
say '' '$ mailwright plan'
"$mailwright" -C "$work" plan 2> /dev/null
say '' '... an hour passes' ''
tell clock '{"now":"2040-01-09T23:00:00Z"}'
say '$ mailwright plan'
"$mailwright" -C "$work" plan 2> /dev/null

say '' '== Method 3: the directory decides' ''
say '$ cat next/directory.toml >> tenants/initech/tenant.toml'
cat "$work/next/directory.toml" >> "$work/tenants/initech/tenant.toml"
say "\$ sed -i 's/\"control-panel\"/\"ldap\"/' tenants/initech/tenant.toml"
sed -i.bak 's/"control-panel"/"ldap"/' "$work/tenants/initech/tenant.toml" && rm "$work/tenants/initech/tenant.toml.bak"
say '$ mailwright plan'
"$mailwright" -C "$work" plan 2> /dev/null || [ $? -eq 4 ]
