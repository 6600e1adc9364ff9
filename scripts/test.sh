#!/usr/bin/env bash
# The whole suite: in Chromium, on the servers of production, on SQLite, then on a PostgreSQL started for the occasion.
# What touches no database runs once: another database could change nothing in it.
# Everything runs even when an earlier part fails; the end says which part did.
#   PYTEST_ARGS="-x -k deposit" make test     passes arguments on
#   WORKERS=4 make test                       more processes (two by default)
set -uo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/bootstrap.sh test || exit 1
unset DATABASE_URL
# Servers and workers started by tests would compile every module anew.
unset PYTHONDONTWRITEBYTECODE
read -ra extra <<<"${PYTEST_ARGS:-}"
failed=()

part() {
    local name="$1" code
    shift
    printf '\n\033[1m==> %s\033[0m\n' "$name"
    "$@"
    code=$?
    # 5: no test selected, which only a narrowing PYTEST_ARGS may cause.
    if [ "$code" != 0 ] && ! { [ "$code" = 5 ] && [ -n "${PYTEST_ARGS:-}" ]; }; then failed+=("$name"); fi
}

pytest=(.venv/bin/python -m pytest -q "${extra[@]}")
# A process that has finished takes over what waits in another; a browser often waits: one process more.
share=(--dist worksteal -n)
part "Tests in Chromium (SQLite)" "${pytest[@]}" -m browser "${share[@]}" "$((${WORKERS:-2} + 1))"
# One process: the servers are started once.
part "Tests on the stack of production" "${pytest[@]}" -m stack
part "Tests on SQLite" "${pytest[@]}" -m "not browser and not stack" "${share[@]}" "${WORKERS:-2}"
part "Tests on PostgreSQL" scripts/test_postgres.sh "${pytest[@]}" -m "not browser and not stack" --database-only "${share[@]}" "${WORKERS:-2}"

if [ "${#failed[@]}" -gt 0 ]; then
    printf '\nFailed: %s\n' "$(IFS=';'; echo "${failed[*]}")" >&2
    exit 1
fi
printf '\nAll parts passed.\n'
