#!/usr/bin/env bash
# A real OpenLDAP server that looks like an Active Directory, for one test at a time. Loopback only, no root needed.
#
#   slapd.sh install                 get slapd and what goes with it (Debian, as root); ends 1 where that cannot be
#   slapd.sh make FOLDER USERS       certificates, schema, configuration and USERS people in FOLDER
#   slapd.sh start FOLDER PORT TLSPORT
#   slapd.sh stop FOLDER
#
# People are user0000@corp.example …, each with an alias u0@alias.example …; one in fifty is disabled. The group `All
# Staff` has the address all@corp.example. The certificate is for dc1.corp.example, made by the authority in
# FOLDER/certs/ca.pem. cn=sync,ou=service binds with the password `sync-password` and may read a hundred entries at
# once, or pages of a hundred; cn=admin binds with `admin-password` and may write.
set -euo pipefail

base="dc=corp,dc=example"

# Microsoft's schema as Debian ships it knows no equality, so that no filter would match; and it lacks two classes.
schema() {
    perl -0pe '
        sub rule { my ($names, $text) = @_; s/(NAME \x27(?:$names)\x27\n)(\tSYNTAX)/$1\t$text\n$2/g }
        rule("proxyAddresses|userPrincipalName|sAMAccountName", "EQUALITY caseIgnoreMatch SUBSTR caseIgnoreSubstringsMatch");
        rule("userAccountControl|groupType|instanceType|uSNChanged", "EQUALITY integerMatch ORDERING integerOrderingMatch");
        rule("objectGUID", "EQUALITY octetStringMatch");
        rule("memberOf", "EQUALITY distinguishedNameMatch");
    ' /etc/ldap/schema/msuser.schema >"$1/microsoft.schema"
    cat >"$1/more.schema" <<'END'
objectclass ( 1.2.840.113556.1.5.6 NAME 'securityPrincipal' SUP top AUXILIARY MAY ( sAMAccountName $ sAMAccountType $ objectSid ) )
objectclass ( 1.2.840.113556.1.3.46 NAME 'mailRecipient' SUP top AUXILIARY MAY ( mail $ userCertificate $ info ) )
END
}

certificates() {
    local curve=(-newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes)
    (
        cd "$1"
        openssl req -x509 "${curve[@]}" -days 30 -keyout ca.key -out ca.pem -subj '/CN=Directory test authority'
        openssl req "${curve[@]}" -keyout server.key -out server.csr -subj '/CN=dc1.corp.example'
        openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 30 -out server.pem \
            -extfile <(printf 'subjectAltName=DNS:dc1.corp.example\nextendedKeyUsage=serverAuth')
    ) 2>/dev/null
}

configuration() {
    cat <<END
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
include $1/microsoft.schema
include $1/more.schema
pidfile $1/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
TLSCACertificateFile $1/certs/ca.pem
TLSCertificateFile $1/certs/server.pem
TLSCertificateKeyFile $1/certs/server.key
database mdb
maxsize 268435456
suffix "$base"
rootdn "cn=admin,$base"
rootpw admin-password
directory $1/db
index objectClass,mail,proxyAddresses eq
limits dn.exact="cn=sync,ou=service,$base" size.soft=100 size.hard=100 size.pr=100 size.prtotal=unlimited
access to attrs=userPassword by anonymous auth by * none
access to * by users read by anonymous auth
END
}

people() {
    awk -v n="$1" -v base="$base" '
        function entry(dn, text) { print "dn: " dn "\n" text "\n" }
        function both() { return "instanceType: 4\nnTSecurityDescriptor: x" }
        BEGIN {
            entry(base, "objectClass: dcObject\nobjectClass: organization\ndc: corp\no: Corp")
            split("service people groups empty", units, " ")
            for (i = 1; i <= 4; i++) entry("ou=" units[i] "," base, "objectClass: organizationalUnit\nou: " units[i])
            entry("cn=sync,ou=service," base, "objectClass: organizationalRole\nobjectClass: simpleSecurityObject\ncn: sync\nuserPassword: sync-password")
            for (i = 0; i < n; i++) {
                user = sprintf("user%04d", i)
                text = "objectClass: user\nobjectClass: securityPrincipal\nobjectClass: mailRecipient\ncn: " user "\ngivenName: " user "\nsn: Corp"
                text = text "\nsAMAccountName: " user "\nmail: " user "@corp.example\nproxyAddresses: SMTP:" user "@corp.example"
                text = text "\nproxyAddresses: smtp:u" i "@alias.example\nproxyAddresses: x500:/o=Corp/cn=" user
                # sixteen bytes: of one half text by chance, of the other no UTF-8
                text = text "\nobjectGUID:" (i % 2 ? ": //79" sprintf("%017d", i) "A==" : " GUID" sprintf("%012d", i))
                text = text "\nuserAccountControl: " (i % 50 == 49 ? 514 : 512) "\n" both() "\nobjectCategory: cn=person," base
                entry("cn=" user ",ou=people," base, text)
            }
            text = "objectClass: group\ncn: All Staff\nmail: all@corp.example\nproxyAddresses: SMTP:all@corp.example\ngroupType: -2147483640"
            text = text "\n" both() "\nobjectCategory: cn=group," base "\nmember: cn=user0000,ou=people," base
            entry("cn=All Staff,ou=groups," base, text)
        }'
}

case "${1:-}" in
install)
    for tool in slapd slapadd ldapmodify openssl perl; do
        PATH=$PATH:/usr/sbin command -v "$tool" >/dev/null && continue
        [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 1
        DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends slapd ldap-utils openssl perl >&2
        break
    done
    PATH=$PATH:/usr/sbin command -v slapd >/dev/null
    ;;
make)
    folder=$2
    mkdir -p "$folder/db" "$folder/certs"
    certificates "$folder/certs"
    schema "$folder"
    configuration "$folder" >"$folder/slapd.conf"
    people "$3" >"$folder/people.ldif"
    PATH=$PATH:/usr/sbin slapadd -q -f "$folder/slapd.conf" -l "$folder/people.ldif"
    ;;
start)
    folder=$2
    PATH=$PATH:/usr/sbin slapd -f "$folder/slapd.conf" -h "ldap://127.0.0.1:$3 ldaps://127.0.0.1:$4" -d none >"$folder/slapd.log" 2>&1 </dev/null &
    for _ in $(seq 1 250); do
        (echo >"/dev/tcp/127.0.0.1/$3") 2>/dev/null && [ -s "$folder/slapd.pid" ] && exit 0
        sleep 0.02
    done
    cat "$folder/slapd.log" >&2
    exit 1
    ;;
stop)
    pid=$(cat "$2/slapd.pid")
    kill "$pid"
    for _ in $(seq 1 250); do kill -0 "$pid" 2>/dev/null || exit 0; sleep 0.02; done
    exit 1
    ;;
*)
    sed -n '2,14p' "$0" >&2
    exit 1
    ;;
esac
