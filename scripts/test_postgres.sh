#!/usr/bin/env bash
# Run one command against a throw-away PostgreSQL: scripts/test_postgres.sh .venv/bin/pytest -q
# The server lives in a temporary folder, listens on a socket in it only, and is stopped and removed at the end,
# whatever happened. The command finds it through DATABASE_URL. DURABLE=1: it waits for the disk, as a real one does.
set -euo pipefail
[ "$#" -gt 0 ] || { echo "Usage: scripts/test_postgres.sh COMMAND..." >&2; exit 2; }

find_tools() {
    if command -v initdb >/dev/null 2>&1; then
        dirname "$(command -v initdb)"
    else
        ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1
    fi
}
tools="$(find_tools)"
[ -n "$tools" ] && [ -x "$tools/initdb" ] || { echo "PostgreSQL's initdb was not found: apt-get install postgresql" >&2; exit 1; }

# PostgreSQL refuses to run as root: its own system account takes over then.
as_server=()
folder="$(mktemp -d /tmp/portal-postgres.XXXXXX)"
if [ "$(id -u)" = 0 ]; then
    as_server=(runuser -u postgres --)
    chown postgres "$folder"
fi

stop_server() {
    local pid
    pid="$(head -1 "$folder/data/postmaster.pid" 2>/dev/null || true)"
    if [ -n "$pid" ]; then
        kill -INT "$pid" 2>/dev/null || true
        for _ in $(seq 50); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
        kill -0 "$pid" 2>/dev/null && kill -QUIT "$pid" 2>/dev/null || true
    fi
    rm -rf "$folder"
}
trap stop_server EXIT
trap 'exit 130' INT TERM

hurry="-c fsync=off -c synchronous_commit=off -c full_page_writes=off"
[ "${DURABLE:-0}" = 0 ] || hurry=""

cd "$folder"
"${as_server[@]}" "$tools/initdb" --pgdata="$folder/data" --username=portal --auth=trust --encoding=UTF8 --locale=C.UTF-8 --no-sync \
    >"$folder/log" 2>&1 || { echo "PostgreSQL could not be prepared:" >&2; cat "$folder/log" >&2; exit 1; }
"${as_server[@]}" "$tools/pg_ctl" start --pgdata="$folder/data" --log="$folder/data/log" --wait --silent \
    --options="-c listen_addresses='' -c unix_socket_directories='$folder' $hurry" ||
    { echo "PostgreSQL could not be started:" >&2; cat "$folder/data/log" >&2; exit 1; }
cd - >/dev/null

# Two slashes before the folder: that is how a socket is told from a host name.
export DATABASE_URL="postgres://portal@/$folder/postgres"
"$@"
