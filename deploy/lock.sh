#!/bin/sh
# Writes the two locked requirements files anew from pyproject.toml; for maintainers, after a dependency changed.
# Needs uv on the path, which nothing else does. Known versions are kept unless asked:
#   sh deploy/lock.sh [--upgrade | --upgrade-package NAME]
set -eu
cd "$(dirname "$0")/.."

lock() {
    output=$1
    shift
    # Neither an index address nor a machine's path may end up in the files: they are installed from anywhere.
    uv pip compile pyproject.toml --extra postgres --universal --python-version 3.11 --generate-hashes \
        --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command "sh deploy/lock.sh" \
        --quiet --output-file "$output" "$@"
}

lock deploy/requirements.txt --group build "$@"
lock tests/requirements.txt --group dev --constraints deploy/requirements.txt "$@"
