#!/usr/bin/env bash
# A CSV file as the whole list of a domain's users: everybody comes, one leaves, and an export that was cut off stops.
# Works on a copy of this folder. Needs Rust; nothing else. MAILWRIGHT names a program that is built already.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../workspace.sh"

list="$work/tenants/globex/users.csv"

echo '$ mailwright apply --yes'
"$mailwright" -C "$work" apply --yes
echo
echo '$ cp next/one-left.csv tenants/globex/users.csv'
cp "$work/next/one-left.csv" "$list"
echo '$ mailwright apply --yes'
"$mailwright" -C "$work" apply --yes
echo
echo '$ cp next/cut-off-export.csv tenants/globex/users.csv'
cp "$work/next/cut-off-export.csv" "$list"
echo '$ mailwright apply --yes'
code=0
"$mailwright" -C "$work" apply --yes || code=$?
echo
echo "It ended with $code: an approval would let these deletions go. Whoever looked at the file will not give it."
[ "$code" -eq 4 ]
