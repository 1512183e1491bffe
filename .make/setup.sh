#!/bin/sh
# Makes .venv hold what the lock files say. Quick and silent when it already does.
#
#   sh .make/setup.sh          what a server needs
#   sh .make/setup.sh dev      and what the tests and checks need
#   sh .make/setup.sh bench    another environment, .venv-bench, with the packages named by PEERS, on the
#                              Python of .venv and with its NumPy and SciPy
#
# PYTHON=/path/to/python chooses the interpreter. uv installs where it is on the PATH (or UV=/path/to/uv);
# UV= leaves it out. Without uv, pip does: the one inside .venv, else the system's own, which can install
# into another environment since version 22.3 and so needs none of what Debian splits off from its Python.
set -eu
cd "$(dirname "$0")/.."
. .make/apt.sh

UV=${UV-$(command -v uv || true)}
kind=${1:-runtime}
home=.venv
locks=requirements.txt
peers=
case $kind in
  dev) locks="requirements.txt requirements-dev.txt" ;;
  bench)
    home=.venv-bench
    locks=requirements-bench.txt
    peers=$PEERS
    PYTHON=$(.venv/bin/python -c 'import sys; print(sys._base_executable)')
    if "$PYTHON" -c 'import sys; sys.exit(sys.version_info < (3, 12))'; then
      peers=$(echo " $peers " | sed 's/ py-irt / /')  # it refuses newer Pythons than 3.11
    fi ;;
esac
inside=$home/bin/python
stamp=$home/.installed-$kind

identity() {  # of an interpreter: its version and the real program behind any link or environment
  "$1" -c 'import os, sys; print(sys.version.split()[0], os.path.realpath(sys._base_executable))' 2>/dev/null
}
new_enough() { "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
fingerprint() { identity $inside; pwd; printf '%s' "$peers"; cat $locks; }

if [ -n "${PYTHON:-}" ]; then
  command -v "$PYTHON" >/dev/null || stop "PYTHON=$PYTHON: there is no such program."
  new_enough "$PYTHON" || stop "PYTHON=$PYTHON is $(identity "$PYTHON" | cut -d' ' -f1): Proba needs Python 3.11 or newer."
fi

wanted=$([ -z "${PYTHON:-}" ] || identity "$PYTHON")
present=$(identity $inside || true)
if [ -n "$present" ] && [ "${wanted:-$present}" = "$present" ] && new_enough $inside; then
  if fingerprint | cmp -s - "$stamp"; then exit 0; fi
else
  present=
fi

# From here on something has to be installed.
find_python() {
  for candidate in ${PYTHON:-python3.11 python3 python3.12 python3.13 python}; do
    if command -v "$candidate" >/dev/null && new_enough "$candidate"; then echo "$candidate"; return; fi
  done
}
python=$(find_python)
if [ -z "$python$UV$present" ]; then
  seen=$(identity python3 | cut -d' ' -f1 || true)
  stop "Proba needs Python 3.11 or newer; found ${seen:-none}. Where it is installed under another name," \
       "say so: make setup PYTHON=/path/to/python3.11. Otherwise, on Debian or Ubuntu type:" \
       "    sudo apt-get install python3.11 python3.11-venv"
fi

# A moved folder, another interpreter or a broken link: start again rather than repair.
if [ -n "$present" ] && [ "$(cat $home/.folder 2>/dev/null || pwd)" != "$(pwd)" ]; then present=; fi
if [ -z "$present" ]; then
  rm -rf $home
  if [ -n "$UV" ]; then
    say "Making $home with uv and ${python:-a Python 3.11 that uv fetches}."
    "$UV" venv --quiet --python "${python:-3.11}" $home
  else
    say "Making $home with $(identity "$python" | cut -d' ' -f2) ($(identity "$python" | cut -d' ' -f1))."
    "$python" -m venv --without-pip $home || {
      rm -rf $home
      stop "This Python cannot make environments. On Debian or Ubuntu type:" \
           "    sudo apt-get install $(apt_venv_package "$python")"
    }
  fi
  pwd > $home/.folder
fi

has_pip() { "$@" --version >/dev/null 2>&1; }
if [ -n "$UV" ]; then
  installer=uv
  set -- "$UV" pip install --quiet --python $inside
else
  if ! has_pip $inside -m pip && ! has_pip "$python" -m pip --python $inside; then
    $inside -m ensurepip --default-pip >/dev/null 2>&1 \
      || { apt_install "$(apt_venv_package "$python")" && $inside -m ensurepip --default-pip >/dev/null; } \
      || stop "This Python comes without pip (Debian splits it off). Type this once, then run make again:" \
              "    sudo apt-get install $(apt_venv_package "$python")"
  fi
  installer=pip
  if has_pip $inside -m pip; then set -- $inside -m pip; else set -- "$python" -m pip --python $inside; fi
  set -- "$@" install --quiet --disable-pip-version-check --no-input
fi

if [ "$kind" = bench ]; then
  case " $peers " in
    *" py-irt "*) cost="up to 3 GB of downloads and 6 GB of disk, nearly all of it py-irt's torch" ;;
    *) cost="half a minute" ;;
  esac
  say "Installing $peers with $installer. The first time this takes $cost."
  # Only what the chosen ones need, in the pinned versions.
  set -- "$@" -c $locks $peers
else
  say "Installing $(cat $locks | grep -c '==') pinned packages with $installer. The first time this takes up to a minute."
  for lock in $locks; do set -- "$@" -r "$lock"; done
fi
"$@" || stop "The packages could not be installed (see above). Is the network there? The same command tries again."

fingerprint > "$stamp.new"
mv "$stamp.new" "$stamp"
if [ "$kind" = dev ]; then locks=requirements.txt; fingerprint > .venv/.installed-runtime; fi
