#!/usr/bin/env bash
# Install what is missing, and nothing else: system packages (apt, as root or with sudo), .venv, Python packages.
#   scripts/bootstrap.sh run     what the portal needs
#   scripts/bootstrap.sh test    that, and what the tests need
# A second call finds everything in place and takes well under a second, with no network.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
purpose="${1:-run}"

say() { printf '\033[1m==>\033[0m %s\n' "$*"; }
fail() { printf '\033[1mStopped:\033[0m %s\n' "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# --- Python ---------------------------------------------------------------------------------------------------
# The system's own first: distributions build theirs with every optimisation, version managers often without (a third slower).
find_python() {
    local candidate
    for candidate in ${PYTHON:-} /usr/bin/python3 python3 python3.13 python3.12 python3.11; do
        if have "$candidate" && "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

# --- System packages --------------------------------------------------------------------------------------------
library() { PATH="$PATH:/sbin:/usr/sbin" ldconfig -p 2>/dev/null | grep -q "$1"; }

missing_packages() {
    local python="$1"
    if [ -z "$python" ]; then
        echo python3 python3-venv
    elif [ ! -x .venv/bin/python ] && ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
        # The venv package is split off per Python version on Debian and Ubuntu.
        case "$python" in *python3) echo python3-venv ;; *) echo "${python##*/}-venv" ;; esac
    fi
    library 'libpango-1.0\.so' || echo libpango-1.0-0
    library 'libpangoft2-1.0\.so' || echo libpangoft2-1.0-0
    library 'libharfbuzz-subset\.so' || echo libharfbuzz-subset0
    have msgfmt || echo gettext
    [ "$purpose" = test ] || return 0
    have pdftotext || echo poppler-utils
    have redis-server || echo redis-server
    have nginx || [ -x /usr/sbin/nginx ] || echo nginx-light
    have clamd || [ -x /usr/sbin/clamd ] || echo clamav-daemon
    have initdb || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || echo postgresql
    [ -n "${CHROMIUM:-}" ] || have chromium || have chromium-browser || have google-chrome || echo chromium
}

install_packages() {
    local as_root=()
    if [ "$(id -u)" != 0 ]; then
        have sudo || fail "these system packages are missing: $*. Install them as root (apt-get install $*), then start again."
        as_root=(sudo)
        [ -t 0 ] || as_root=(sudo -n)
    fi
    have apt-get || fail "these system packages are missing: $*. This machine has no apt; install their equivalents, then start again."
    say "Installing system packages: $*"
    "${as_root[@]}" apt-get update -qq || say "The list of packages could not be refreshed; going on with the one at hand."
    "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@" >/dev/null ||
        fail "apt could not install: $*. The lines above say why."
}

python="$(find_python)"
mapfile -t packages < <(missing_packages "$python" | tr ' ' '\n')
if [ "${#packages[@]}" -gt 0 ]; then
    install_packages "${packages[@]}"
    python="$(find_python)"
fi
[ -n "$python" ] || fail "Python 3.11 or newer is needed and was not found. Install it, or name it: PYTHON=/path/to/python3.12 make run"

# --- Virtual environment and Python packages ------------------------------------------------------------------------
if ! .venv/bin/python -c '' 2>/dev/null; then
    say "Creating the virtual environment .venv with $("$python" --version)"
    rm -rf .venv
    "$python" -m venv .venv || fail "the virtual environment could not be created; the lines above say why."
fi

requirements=requirements.txt
[ "$purpose" = test ] && requirements=requirements-dev.txt
wanted="$(cat requirements.txt $([ "$purpose" = test ] && echo requirements-dev.txt) | sha256sum | cut -d' ' -f1) $(.venv/bin/python --version)"
stamp=".venv/.installed-$purpose"
if [ "$(cat "$stamp" 2>/dev/null)" != "$wanted" ]; then
    say "Installing Python packages from $requirements (a few minutes the first time)"
    .venv/bin/python -m pip install --disable-pip-version-check -qq -r "$requirements" ||
        fail "pip could not install $requirements. Check the network and the lines above, then start again: it goes on where it stopped."
    echo "$wanted" >"$stamp"
fi

# --- Translations ---------------------------------------------------------------------------------------------------
for catalogue in locale/*/LC_MESSAGES/*.po; do
    [ -f "$catalogue" ] || continue
    compiled="${catalogue%.po}.mo"
    if [ ! -f "$compiled" ] || [ "$catalogue" -nt "$compiled" ]; then
        say "Compiling $catalogue"
        msgfmt --check-format -o "$compiled" "$catalogue" || fail "$catalogue has a faulty message; the lines above name it."
    fi
done
