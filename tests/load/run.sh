#!/bin/sh
# Installs what the load measurements need, wrk included, and takes them: sh tests/load/run.sh [--quick] [--engine NAME]
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
. "$root/deploy/environment.sh"

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

install_wrk() {
    echo "Installing wrk ..."
    {
        as_root apt-get update -qq &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends wrk
    } </dev/null >/dev/null || true
    command -v wrk >/dev/null || fail "The load is made by wrk, which could not be installed: install wrk."
}

command -v wrk >/dev/null || install_wrk
find_python
prepare_environment .venv-tests tests/requirements.txt
cd "$root"
export PATH="$root/.venv-tests/bin:$PATH" PYTHONPATH="$root"
exec python -m tests.load "$@"
