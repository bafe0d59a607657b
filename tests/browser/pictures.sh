#!/bin/sh
# Saves pictures of the main pages of respondents in a folder, to be looked at: sh tests/browser/pictures.sh DIR
set -eu
[ $# = 1 ] || { echo "usage: sh tests/browser/pictures.sh DIR" >&2; exit 2; }
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
mkdir -p "$1"
pictures=$(CDPATH='' cd -- "$1" && pwd)
sh "$root/tests/browser/in_environment.sh" python -m tests.support.form_pictures "$pictures"
