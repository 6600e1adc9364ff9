#!/usr/bin/env bash
# Start the portal in demonstration mode: SQLite, local files, tasks inline, mail written under var/mail.
#   PORT=9000 scripts/run.sh     another port
#   DEBUG=1 scripts/run.sh       Django's development server, which restarts when the code changes
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/bootstrap.sh run

export PORT="${PORT:-8000}" DEMO_MODE="${DEMO_MODE:-1}" DEBUG="${DEBUG:-0}" DJANGO_SETTINGS_MODULE=clusters_portal.settings
.venv/bin/python scripts/prepare.py

address="127.0.0.1:$PORT"
printf '\n\033[1mThe portal: http://%s\033[0m   (Ctrl+C stops it)\n\n' "$address"
# What a scheduler would do elsewhere: waiting mails, reminders, nightly checks. It ends with the server, whose process
# takes the place of this one.
.venv/bin/python manage.py tick --beside $$ --verbosity 0 &
case "$DEBUG" in
    1 | true | True | yes | on) exec .venv/bin/python manage.py runserver "$address" ;;
esac
exec .venv/bin/gunicorn clusters_portal.wsgi --bind "$address" --worker-class gthread --workers 1 --threads 8 --log-level warning
