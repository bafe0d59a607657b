#!/bin/sh
# Answers forms in real Firefox and WebKit, as the tests do in Chromium: sh tests/browser/other_browsers.sh [PYTEST ARGUMENT...]
# Installs Debian's firefox-esr, webkit2gtk-driver and xvfb where they are missing, and Selenium in .venv-browsers.
# One browser only: sh tests/browser/other_browsers.sh -k webkit
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
. "$root/deploy/environment.sh"

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

has() {
    command -v "$1" >/dev/null
}

has_browsers() {
    { has firefox-esr || has firefox; } && has WebKitWebDriver && has Xvfb && has xvfb-run && has xauth
}

install_browsers() {
    echo "Installing Firefox and WebKit ..."
    {
        as_root apt-get update -qq &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
                firefox-esr webkit2gtk-driver xvfb xauth
    } </dev/null >/dev/null || true
    has_browsers || fail "Firefox, WebKitWebDriver or Xvfb could not be installed: see the packages named in $0."
}

has_browsers || install_browsers
find_python
prepare_environment .venv-browsers tests/requirements.txt
cd "$root"
export PATH="$venv/bin:$PATH" PYTHONPATH="$root"
selenium=$(python -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["dependency-groups"]["browsers"])')
install "$venv" "$selenium"

exec xvfb-run --auto-servernum python -m pytest -n 2 tests/browser/others "$@"
