#!/bin/sh
# Every check that needs no running program: all of them, also after one has failed, and then which ones did.
set -u
cd "$(dirname "$0")/.."
python=.venv/bin/python
export DJANGO_SETTINGS_MODULE=examsite.settings_test
failed=

check() {
  name=$1; shift
  printf '\n== %s\n' "$name"
  "$@" || failed="$failed
  $name"
}

templates() {
  # While there is none there is nothing to lint, which djlint takes for an error.
  set -- $(find accounts exams scoring examsite -path '*/templates/*.html')
  [ $# -eq 0 ] || $python -m djlint --lint --quiet "$@"
}

# Parses every browser module; the older syntax that phones need is held by tests/architecture.
javascript() {
  command -v node >/dev/null || { echo '!!! JAVASCRIPT NOT CHECKED: node is not installed.' >&2; return 0; }
  for file in $(find accounts exams scoring examsite tests/js -name '*.js'); do node --check "$file" || return 1; done
}

check 'Python: lint'        $python -m ruff check --quiet
check 'Python: style'       $python -m ruff format --check --quiet
check 'Python: types'       $python -m mypy
check 'Django: settings'    $python manage.py check --fail-level WARNING
check 'Django: migrations'  $python manage.py makemigrations --check --dry-run
check 'Interface messages'  $python manage.py messages --check
check 'Templates'           templates
check 'JavaScript'          javascript

[ -z "$failed" ] && { printf '\nAll checks passed.\n'; exit 0; }
printf '\nFailed:%s\n' "$failed"
exit 1
