#!/bin/sh
# Installs the service from this checkout into .venv, when something changed, and starts the demonstration.
# Its data is kept in survey-demo/ beside the source: sh deploy/demo.sh [--port 8000] [--directory DIR]
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
. "$root/deploy/environment.sh"

checksum_of_sources() {
    (cd "$root" && find pyproject.toml README.md LICENSE survey_service forms translations migrations \
        -type f ! -path '*/__pycache__/*' -exec cksum {} +) | LC_ALL=C sort | cksum
}

find_python
prepare_environment .venv deploy/requirements.txt

sources=$(checksum_of_sources)
if [ "$(cat "$root/.venv/.sources" 2>/dev/null)" != "$sources" ]; then
    echo "Installing the service from $root ..."
    install "$root/.venv" --force-reinstall --no-deps --no-build-isolation "$root"
    echo "$sources" >"$root/.venv/.sources"
fi

exec "$root/.venv/bin/survey-service" demo --directory "$root/survey-demo" "$@"
