#!/usr/bin/env bash
# Collect the sentences of the code and templates into locale/fr and locale/ar, then compile them.
# New sentences arrive empty in the .po files: translate them there. tests/test_consistency.py refuses an empty or fuzzy one.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
scripts/bootstrap.sh test
export DEMO_MODE=1
.venv/bin/python manage.py makemessages --locale fr --locale ar --no-wrap --no-obsolete --add-location file --ignore '.venv' --ignore 'var' --ignore 'tests' --ignore '*/tests/*'
.venv/bin/python manage.py compilemessages --ignore .venv
