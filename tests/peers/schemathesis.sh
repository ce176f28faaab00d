#!/bin/sh
# Judges a running panel by its own OpenAPI document: no answer 5xx, no status, media type or body that is not described.
#
# usage: schemathesis.sh ORIGIN TOKEN [MORE ARGUMENTS]        ORIGIN is such as http://127.0.0.1:8080
# The panel should run on a fresh database with test endpoints, and the token be one for all tenants. Needs curl, and
# schemathesis 4 (PyPI) on the PATH or named by $MAILWRIGHT_SCHEMATHESIS. Ends 0 if nothing was found.
#
# Two runs: first with ids that exist, so that the handlers are reached and not only their 404; nothing is deleted in
# it. Then everything, with ids that schemathesis makes up or finds in answers.
set -eu

origin=$1
token=$2
shift 2
here=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# posts a body and prints the id of what was made
made() {
    curl -sS --fail-with-body -X POST "$origin/v1/$1" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
        -d "$2" | sed -n 's/^{"id":"\([^"]*\)".*/\1/p'
}

run() {
    config=$1
    shift
    "${MAILWRIGHT_SCHEMATHESIS:-schemathesis}" --config-file "$config" run "$here/schemas/panel.openapi.json" \
        --url "$origin" \
        --header "Authorization: Bearer $token" \
        --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
        --seed 1 --continue-on-failure --no-color "$@"
}

cd "$work" # schemathesis leaves its cache where it runs
tenant=$(made tenants '{"name":"schemathesis"}')
domain=$(made "tenants/$tenant/domains" \
    '{"name":"acme.example","destinations":["mx.acme.example:25"],"relay_check":"smtp","alias_domains":["acme.test"]}')
user=$(made "tenants/$tenant/domains/$domain/users" '{"address":"info@acme.example","aliases":["first@acme.example"]}')
curl -sS -X POST "$origin/v1/test/mail" -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
    -d '{"recipient":"reception@acme.example","count":3}'

cat > "$work/known.toml" <<EOF
[parameters]
"path.tenant" = "$tenant"
"path.domain" = "$domain"
"path.user" = "$user"
EOF
: > "$work/plain.toml"

run "$work/known.toml" --exclude-method DELETE --exclude-path '/v1/tenants/{tenant}/lease' "$@"
run "$work/plain.toml" "$@"
