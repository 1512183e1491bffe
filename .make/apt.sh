# Sourced by the other scripts: how to speak, how to stop, and how to install a system package where allowed.

say() { echo "proba: $*"; }
stop() { printf 'proba: %s\n' "$1" >&2; shift; for line in "$@"; do printf '       %s\n' "$line" >&2; done; exit 1; }

# Which package completes this interpreter's venv on Debian and Ubuntu.
apt_venv_package() { "$1" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])'; }

# Installs packages when this may be done without a question: as root, or with sudo that asks for no password.
# False where that is not so, or where the system has no apt.
apt_install() {
  command -v apt-get >/dev/null || return 1
  if [ "$(id -u)" = 0 ]; then as_root=; elif sudo -n true 2>/dev/null; then as_root="sudo -n"; else return 1; fi
  say "Installing $* with apt-get."
  $as_root apt-get update -qq >/dev/null \
    && $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends "$@" >/dev/null
}
