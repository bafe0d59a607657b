#!/bin/sh
# Looks at every page of respondents in every language, scheme and width, which takes long: sh tests/browser/matrix.sh
# tests/run.sh looks at a selection in which every pair of these is met.
set -eu
root=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)
WHOLE_MATRIX=1 sh "$root/tests/browser/in_environment.sh" python -m pytest -n 2 tests/browser/test_form_looks.py "$@"
