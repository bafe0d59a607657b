#!/bin/sh
# Runs a command from the top of the checkout in the environment of the tests: sh tests/browser/in_environment.sh COMMAND...
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
. "$root/deploy/environment.sh"
find_python
prepare_environment .venv-tests tests/requirements.txt
cd "$root"
export PATH="$root/.venv-tests/bin:$PATH" PYTHONPATH="$root"
exec "$@"
