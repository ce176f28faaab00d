#!/usr/bin/env bash
# SMTP users on the embedded panel: plan, mint into files, and a plan that waits for a person. Works on a copy of this
# folder, so it can be run again and leaves nothing behind. Needs Rust; nothing else. MAILWRIGHT names a program that is
# built already.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../workspace.sh"

echo '$ mailwright plan'
"$mailwright" -C "$work" plan || [ $? -eq 2 ] # 2: changes are pending
echo
echo '$ mailwright apply --yes'
"$mailwright" -C "$work" apply --yes || [ $? -eq 2 ] # 2: settled, but a person is to do something
echo
echo '$ ls -l tenants/secrets'
for file in crm.json shop.json; do
    echo "$(ls -l "$work/tenants/secrets/$file" | cut -c1-10) $file"
done
echo
echo '$ mailwright credential reset smtp-user/crm --yes'
"$mailwright" -C "$work" credential reset smtp-user/crm --yes
echo
echo '$ mailwright plan'
"$mailwright" -C "$work" plan || [ $? -eq 2 ]
