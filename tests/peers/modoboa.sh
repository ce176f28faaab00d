#!/usr/bin/env bash
# A real Modoboa from PyPI, and Postfix's own postmap to ask what it tells Postfix. Loopback only, no root needed once built.
#
#   modoboa.sh ready HOME               whether HOME has what this script would put there
#   modoboa.sh install HOME             programs and a database to copy, in HOME; ends 1 and says what is missing
#   modoboa.sh start HOME DIR [OWNER]   a server with a database of its own in DIR, which ends when the process OWNER does
#   modoboa.sh reset HOME DIR           the database as it was at first; nothing is started again
#   modoboa.sh stop HOME DIR
#   modoboa.sh ask HOME DIR MAP KEY     what Postfix reads: MAP is a file of DIR/maps without `sql-` and `.cf`
#   modoboa.sh token [NAME]             the token of `admin`, or of a second administrator `other`
#
# DIR/url holds the address of the API. THROTTLE=on leaves Modoboa's limits as they are: five writes a second for each
# kind of object. Otherwise they are lifted. HOME serves any number of servers at once.
set -euo pipefail

wanted=$(cd "$(dirname "$0")" && pwd)/modoboa-requirements.txt

token() {
    case "${1:-admin}" in
    admin) echo 6d61696c777269676874206f6e65206f6e65206f ;;
    other) echo 6d61696c7772696768742074776f2074776f2074 ;;
    *) exit 1 ;;
    esac
}

missing() {
    echo "$*" >&2
    exit 1
}

# Programs of Debian packages, unpacked and never installed: a package that is installed starts its server.
unpack() {
    local home=$1 debs=$1/debs
    shift
    command -v apt-get >/dev/null && command -v dpkg-deb >/dev/null || missing "no Debian here to take $* from"
    mkdir -p "$debs/partial"
    local get=(apt-get install -qq --reinstall --download-only --no-install-recommends -o "Dir::Cache::archives=$debs" -o Debug::NoLocking=1)
    "${get[@]}" "$@" >"$home/apt.log" 2>&1 || {
        [ "$(id -u)" = 0 ] && apt-get update -qq >"$home/apt.log" 2>&1
        "${get[@]}" "$@" >>"$home/apt.log" 2>&1 || missing "apt-get cannot fetch $*"
    }
    for deb in "$debs"/*.deb; do dpkg-deb -x "$deb" "$home/root"; done
    rm -rf "$debs"
}

# What is unpacked is found before what is installed.
use() {
    local lib=$1/root/usr/lib arch
    arch=$(ls -d "$lib"/*-linux-gnu 2>/dev/null | head -1) || true
    export PATH=$1/root/usr/sbin:$1/root/usr/bin:$PATH
    export LD_LIBRARY_PATH=$lib/postfix${arch:+:$arch}${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
}

# A main.cf that is enough to ask a table: no daemon runs, and names that Debian always has stand for Postfix's own.
postfix_folder() {
    mkdir -p "$1/postfix"
    : >"$1/postfix/master.cf"
    printf 'sqlite\tpostfix-sqlite.so\tdict_sqlite_open\n' >"$1/postfix/dynamicmaps.cf"
    printf '%s\n' "shlib_directory = $1/root/usr/lib/postfix" "meta_directory = $1/postfix" \
        'mail_owner = daemon' 'setgid_group = mail' >"$1/postfix/main.cf"
}

python_packages() {
    local home=$1
    rm -rf "$home/venv"
    command -v python3 >/dev/null || missing "no python3"
    python3 -c 'import ensurepip, venv' 2>/dev/null || missing "python3 has no venv (Debian: python3-venv)"
    command -v cc >/dev/null || missing "no C compiler"
    python3 -c 'import os, sysconfig as s, sys; sys.exit(not os.path.exists(s.get_path("include") + "/Python.h"))' ||
        missing "no headers of python3 (Debian: python3-dev)"
    echo '#include <rrd.h>' | cc -E - >/dev/null 2>&1 || missing "no rrd.h (Debian: librrd-dev)"
    python3 -m venv "$home/venv" >&2 || missing "no virtual environment could be made"
    "$home/venv/bin/pip" install --quiet --disable-pip-version-check -r "$wanted" >"$home/pip.log" 2>&1 ||
        { tail -5 "$home/pip.log" >&2; missing "pip cannot install modoboa"; }
}

# Each server says where its database and its redis are; the limits and the defaults that the tests need.
settings() {
    cat <<'END_OF_SETTINGS'

# --- for tests ---
import os as _os
ALLOWED_HOSTS = ['127.0.0.1', 'localhost']
DATABASES['default']['NAME'] = _os.environ['PEER_DIR'] + '/db.sqlite3'
# transactions around each request: without this, writes side by side answer 500 "database is locked"
DATABASES['default'].setdefault('OPTIONS', {}).update({'timeout': 30, 'transaction_mode': 'IMMEDIATE'})
REDIS_URL = 'unix://' + _os.environ['PEER_DIR'] + '/redis.sock?db=0'
for _queue in RQ_QUEUES.values():
    for _key in ('HOST', 'PORT', 'DB'):
        _queue.pop(_key, None)
    _queue['URL'] = REDIS_URL
CACHES['default']['LOCATION'] = REDIS_URL
# nothing leaves the machine
DISABLE_DASHBOARD_EXTERNAL_QUERIES = True
# without dovecot here, only schemes that a write of its parameters refuses would be offered
DOVECOT_SUPPORTED_SCHEMES = 'SHA512-CRYPT SHA256-CRYPT BLF-CRYPT'
if _os.environ.get('THROTTLE', 'off') != 'on':
    REST_FRAMEWORK['DEFAULT_THROTTLE_RATES'] = {k: '100000/second' for k in REST_FRAMEWORK['DEFAULT_THROTTLE_RATES']}
for _handler in LOGGING['handlers'].values():
    if _handler['class'] == 'logging.handlers.SysLogHandler' or _handler['class'].endswith('AdminEmailHandler'):
        _handler.clear()
        _handler['class'] = 'logging.StreamHandler'
END_OF_SETTINGS
}

# A second administrator, tokens that are known, and passwords that cost little to hash: it is done once for each account.
people() {
    cat <<END
from rest_framework.authtoken.models import Token
from modoboa.core.models import User, LocalConfig
config = LocalConfig.objects.first()
config.parameters.set_value('rounds_number', 1000, app='core')
config.parameters.set_value('enable_api_communication', False, app='core')
config.parameters.set_value('check_new_versions', False, app='core')
config.parameters.set_value('send_statistics', False, app='core')
config.parameters.set_value('enabled_pdfcredentials', False, app='pdfcredentials')
config.save()
other = User(username='other', is_superuser=True, is_active=True)
other.set_password('Other-123')
other.save()
other.role = 'SuperAdmins'
Token.objects.update_or_create(user=User.objects.get(username='admin'), defaults={'key': '$(token admin)'})
Token.objects.update_or_create(user=other, defaults={'key': '$(token other)'})
END
}

redis_up() {
    rm -f "$1/redis.sock"
    redis-server --port 0 --unixsocket "$1/redis.sock" --save '' --appendonly no --daemonize yes --dir "$1" \
        --pidfile "$1/redis.pid" --logfile "$1/redis.log" >/dev/null
    for _ in $(seq 1 250); do
        redis-cli -s "$1/redis.sock" ping >/dev/null 2>&1 && return
        sleep 0.02
    done
    missing "redis does not start: $(tail -1 "$1/redis.log")"
}

# The database that each server gets a copy of, and the tables that Modoboa writes for Postfix.
deploy() {
    local home=$1
    export PEER_DIR=$home/template
    rm -rf "$home/template" "$home/panel" "$home/maps"
    mkdir -p "$home/template" "$home/maps"
    redis_up "$PEER_DIR"
    (
        cd "$home"
        venv/bin/modoboa-admin.py deploy panel --dburl "default:sqlite:///$PEER_DIR/db.sqlite3" \
            --redisurl "unix://$PEER_DIR/redis.sock?db=0" --domain 127.0.0.1
        settings >>panel/panel/settings.py
        cd panel
        ../venv/bin/python manage.py shell -c "$(people)"
        ../venv/bin/python manage.py generate_postfix_maps --destdir "$home/maps"
    ) >"$home/deploy.log" 2>&1 || { tail -5 "$home/deploy.log" >&2; missing "modoboa cannot be deployed"; }
    end "$(cat "$PEER_DIR/redis.pid")"
    rm -f "$PEER_DIR"/redis.*
}

# Ends a process and waits until it is gone.
end() {
    kill "$1" 2>/dev/null || return 0
    for _ in $(seq 1 250); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.02
    done
    kill -9 "$1" 2>/dev/null || true
}

fresh() {
    cp "$1/template/db.sqlite3" "$2/db.new"
    mv "$2/db.new" "$2/db.sqlite3"
}

# Whether it asks for a token, which it does as soon as it works.
answers() {
    local line=
    exec 3<>"/dev/tcp/127.0.0.1/$1" || return 1
    printf 'GET /api/v2/domains/ HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' >&3
    read -r -t 60 line <&3 || true
    [[ $line == *" 401 "* ]]
}

# Ends the server when its owner is gone, however that ended, or when somebody else has stopped it.
watch() {
    while kill -0 "$3" 2>/dev/null && [ -e "$2/gunicorn.pid" ]; do sleep 0.5; done
    kill -0 "$3" 2>/dev/null && return
    stop "$1" "$2"
    rm -rf "$2"
}

# Whatever this script or the list of packages says otherwise than last time makes it anew.
ready() {
    cat "$0" "$wanted" | cmp -s - "$1/installed.txt"
}

install() {
    local home=$1 packages=()
    ready "$home" && return
    mkdir -p "$home"
    home=$(cd "$home" && pwd)
    # a socket's path has 107 characters at most
    [ "${#home}" -lt 70 ] || missing "the path $home is too long for sockets: set CARGO_TARGET_DIR to a shorter one"
    rm -f "$home/installed.txt"
    [ -x "$home/root/usr/sbin/postmap" ] || packages+=(postfix postfix-sqlite)
    command -v redis-server >/dev/null || [ -x "$home/root/usr/bin/redis-server" ] || packages+=(redis-server redis-tools)
    [ "${#packages[@]}" = 0 ] || unpack "$home" "${packages[@]}"
    use "$home"
    postfix_folder "$home"
    cmp -s "$wanted" "$home/packages.txt" || {
        rm -f "$home/packages.txt"
        python_packages "$home"
        cp "$wanted" "$home/packages.txt"
    }
    deploy "$home"
    [ -z "$(ask "$home" "$home" domains nobody.example 2>&1)" ] || missing "postmap cannot read sqlite tables here"
    cat "$0" "$wanted" >"$home/installed.txt"
}

start() {
    local home dir owner=${3:-} port server
    home=$(cd "$1" && pwd)
    mkdir -p "$2/maps"
    dir=$(cd "$2" && pwd)
    stop "$home" "$dir"
    use "$home"
    export PEER_DIR=$dir THROTTLE=${THROTTLE:-off} PYTHONHASHSEED=0
    fresh "$home" "$dir"
    for map in "$home"/maps/*.cf; do sed "s#^dbpath = .*#dbpath = $dir/db.sqlite3#" "$map" >"$dir/maps/${map##*/}"; done
    redis_up "$dir"
    port=$("$home/venv/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
    cd "$home/panel"
    "$home/venv/bin/gunicorn" -w 1 --threads 4 --timeout 120 --no-control-socket -b "127.0.0.1:$port" \
        --pid "$dir/gunicorn.pid" panel.wsgi:application >"$dir/gunicorn.log" 2>&1 </dev/null &
    server=$!
    for _ in $(seq 1 600); do
        if (answers "$port") 2>/dev/null; then
            echo "http://127.0.0.1:$port/api/v2" >"$dir/url"
            [ -z "$owner" ] || watch "$home" "$dir" "$owner" >/dev/null 2>&1 </dev/null &
            return
        fi
        kill -0 "$server" 2>/dev/null || break
        sleep 0.1
    done
    tail -20 "$dir/gunicorn.log" >&2
    stop "$home" "$dir"
    exit 1
}

# Connections last for one request, so a database can be put in the place of another under a server that runs.
reset() {
    use "$1"
    fresh "$1" "$2"
    redis-cli -s "$2/redis.sock" flushall >/dev/null
}

# A pid file may outlive its process, and its number be somebody else's by now: only what works for this folder is ended.
stop() {
    local name pid
    for name in gunicorn redis; do
        [ -e "$2/$name.pid" ] || continue
        pid=$(cat "$2/$name.pid")
        if tr '\0' '\n' 2>/dev/null <"/proc/$pid/environ" | grep -qxF "PEER_DIR=$2"; then end "$pid"; fi
        rm -f "$2/$name.pid"
    done
}

# A key that is not there ends 1 and says nothing. Postfix takes no table of kinds that does not belong to root: anybody
# else becomes root in a namespace that holds this one program.
ask() {
    local as=()
    use "$1"
    [ "$(id -u)" = 0 ] || as=(unshare --map-root-user)
    "${as[@]}" postmap -c "$1/postfix" -q "$4" "sqlite:$2/maps/sql-$3.cf" || [ $? = 1 ]
}

command=${1:-}
[ $# = 0 ] || shift
case "$command" in
ready | install | start | reset | stop | ask | token) "$command" "$@" ;;
*)
    sed -n '2,14p' "$0" >&2
    exit 1
    ;;
esac
