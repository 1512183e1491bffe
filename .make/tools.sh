#!/bin/sh
# Looks for what tests need from outside Python: Node, Chromium, what the driver between Playwright and Chromium
# is linked with, strace and faketime. Installs what is missing where that may be done without a question; otherwise says loudly what
# to type.
#
#   sh .make/tools.sh node chromium driver
#
# With CI or PROBA_REQUIRE_ALL set, a missing program is a failure.
set -eu
cd "$(dirname "$0")/.."
. .make/apt.sh

found() {
  case $1 in
    node | strace | faketime) command -v "$1" ;;
    chromium) command -v "${CHROMIUM:-chromium}" || command -v chromium-browser || command -v google-chrome ;;
    driver) for driver in .venv/lib/*/site-packages/playwright/driver/node; do "$driver" --version 2>/dev/null; done ;;
  esac >/dev/null
}
packages() {
  case $1 in
    node) echo nodejs ;;
    strace | faketime) echo "$1" ;;  # in which order a server writes and replies; a server with another clock
    chromium) echo chromium fonts-dejavu-core ;;  # without a font with Cyrillic every letter is an empty box
    driver) echo libatomic1 ;;
  esac
}

missing=
for tool in "$@"; do
  found "$tool" && continue
  # shellcheck disable=SC2046 -- several packages are several words
  apt_install $(packages "$tool") && found "$tool" && continue
  missing="$missing $tool"
  echo "!!! $tool is not installed, so nothing that needs it runs. Type: sudo apt-get install $(packages "$tool")" >&2
done

[ -z "$missing" ] || [ -z "${CI:-}${PROBA_REQUIRE_ALL:-}" ] || stop "Here every kind of test has to run; missing:$missing"
