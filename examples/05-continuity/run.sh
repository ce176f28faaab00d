#!/usr/bin/env bash
# Users get ready, a term is bought on the day that the file names, and continuity is switched on. Works on a copy of this
# folder. Needs Rust; nothing else. MAILWRIGHT names a program that is built already.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../workspace.sh"

today="$(date -u +%F)"
run() { # the day of this run is shown as TODAY, so that the output is the same every day
    "$mailwright" -C "$work" --quiet "$@" | sed "s/$today/TODAY/g"
}
export JANE_PW="Correct-Horse-7-Battery"

echo '$ mailwright apply --yes'
run apply --yes || [ $? -eq 2 ] # 2: the purchase waits for its day
echo
echo '$ sed -i s/2040-01-01/TODAY/ tenants/acme.toml'
sed -i.before "s/2040-01-01/$today/" "$work/tenants/acme.toml"
echo '$ mailwright plan'
run plan --output text --output json="$work/plan.json" || [ $? -eq 4 ] # 4: approvals are needed
echo
echo '$ mailwright approve plan.json --days 3 --approver jane --reason "agreed with the customer; kim has her mail"'
run approve "$work/plan.json" --days 3 --approver jane --reason "agreed with the customer; kim has her mail"
echo '$ mailwright apply --yes'
run apply --yes
echo
echo '$ mailwright plan'
run plan
