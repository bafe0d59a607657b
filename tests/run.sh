#!/bin/sh
# Installs what the tests need, the browser and PostgreSQL included, and runs every check: sh tests/run.sh [PYTEST ARGUMENT...]
# The tests run against the checkout itself; tests/guards/test_wheel.py builds and installs the wheel.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/deploy/environment.sh"

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_browser() {
    echo "Installing Chromium ..."
    {
        as_root apt-get update -qq &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium
    } </dev/null >/dev/null || true
    python -m tests.support.browser || playwright install --with-deps chromium </dev/null || true
    python -m tests.support.browser || fail "The tests need a browser, and none could be installed: install chromium."
}

check() {
    echo "--- $*"
    "$@" || failed="$failed
    $*"
}

find_python
prepare_environment .venv-tests tests/requirements.txt
cd "$root"
export PATH="$root/.venv-tests/bin:$PATH" PYTHONPATH="$root"
python -m tests.support.browser || install_browser

failed=""
check ruff check .
check ruff format --check .
check mypy
check lint-imports --no-logo
check djlint --quiet --check survey_service
check djlint --quiet --lint survey_service
# Said before the tests, so that pytest's closing line is the last one; the exit status tells of both.
[ -z "$failed" ] || echo "--- FAILED before the tests:$failed"

echo "--- pytest -n 2 $*"
status=0
python -m pytest -n 2 "$@" || status=$?
[ -z "$failed" ] || exit 1
exit "$status"
