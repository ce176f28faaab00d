#!/usr/bin/env bash
# The main job on the embedded panel: build, plan, apply, and a second plan that is empty. Works on a copy of this
# folder, so it can be run again and leaves nothing behind. Needs Rust; nothing else. MAILWRIGHT names a program that is
# built already.
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/../workspace.sh"

echo '$ mailwright plan'
"$mailwright" -C "$work" plan || [ $? -eq 2 ] # 2: changes are pending
echo
echo '$ mailwright apply --yes'
"$mailwright" -C "$work" apply --yes
echo
echo '$ mailwright plan'
"$mailwright" -C "$work" plan
