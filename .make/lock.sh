#!/bin/sh
# Pins every package for every platform, from Python 3.11 on. The files name no index and no folder, so that
# a lock made on any computer is the same.
set -eu
cd "$(dirname "$0")/.."
. .make/apt.sh
UV=${UV-$(command -v uv || true)}
[ -n "$UV" ] || stop "Locking needs uv: https://docs.astral.sh/uv/ (installing does not)."
for lock in requirements requirements-dev requirements-bench; do
  "$UV" pip compile --quiet --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
    --custom-compile-command "make lock" "$@" "$lock.in" --output-file "$lock.txt"
done
