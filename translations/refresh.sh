#!/bin/sh
# Bring every catalog up to date with the texts in the code and in the forms; with a language (`refresh.sh fi`),
# begin its catalogs too. Running it twice changes nothing: no dates, no line numbers, one order.
set -eu
cd "$(dirname "$0")/.."
new=${1:-}
template=$(mktemp)
trap 'rm -f "$template"' EXIT
header="# Translated by YOUR NAME.
# X-Reviewed-By-Speaker: no"

pybabel() { PYTHONPATH=. "${PYTHON:-python3}" -m babel.messages.frontend --quiet "$@"; }

refresh() { # domain, folder
    pybabel extract --mapping-file=translations/babel.cfg --add-comments="Translators:" --sort-by-file \
        --add-location=file --no-wrap --header-comment="$header" --last-translator="YOUR NAME" \
        --project=survey_service --version="$1" --output-file="$template" "$2"
    if [ -n "$new" ] && [ ! -e "translations/$new/LC_MESSAGES/$1.po" ]; then
        pybabel init --domain="$1" --locale="$new" --input-file="$template" --output-dir=translations --no-wrap
    fi
    pybabel update --domain="$1" --input-file="$template" --output-dir=translations \
        --no-fuzzy-matching --ignore-obsolete --ignore-pot-creation-date --no-wrap
}

refresh ui survey_service
refresh forms forms
