# Functions of the scripts that make a virtual environment in the checkout. Sourced, with root set to the checkout.

fail() {
    echo "$*" >&2
    exit 1
}

# Sets python to a Python that is new enough and can make virtual environments.
find_python() {
    bare=""
    for python in python3 python3.14 python3.13 python3.12 python3.11; do
        "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
        # Not that of an environment which is active, as it may be the one to be made anew.
        base=$("$python" -c 'import sys; print(sys._base_executable)')
        "$base" -c 'import ensurepip, venv' 2>/dev/null && python=$base && return
        bare=${bare:-$python}
    done
    [ -z "$bare" ] || fail "$bare cannot make virtual environments: apt install python3-venv"
    found=$(python3 --version 2>/dev/null) || fail "Python 3.11 or later is needed, and there is no python3 here."
    fail "Python 3.11 or later is needed; python3 here is $found."
}

# prepare_environment DIRECTORY REQUIREMENTS: a virtual environment with exactly what the locked file says. It is made
# anew, never mended, when the lock, the Python or the checkout's place has changed.
prepare_environment() {
    venv=$root/$1
    requirements=$root/$2
    wanted="$root $("$python" -c 'import sys; print(sys.executable, sys.version)') $(cksum <"$requirements")"
    [ "$(cat "$venv/.locked" 2>/dev/null)" != "$wanted" ] || return 0
    { mkdir -p "$venv" && [ -w "$venv" ]; } 2>/dev/null || fail "Cannot write to $venv: use a checkout of your own."
    echo "Installing what $2 lists into $1 (a minute or two, the first time only) ..."
    "$python" -m venv --clear "$venv" || fail "Could not make a virtual environment in $venv."
    install "$venv" --require-hashes --requirement "$requirements"
    echo "$wanted" >"$venv/.locked"
}

# install VENV ARGUMENT...: pip, quietly.
install() {
    pip_python=$1/bin/python
    shift
    "$pip_python" -m pip install -qq --disable-pip-version-check --no-input "$@" ||
        fail "Installation failed; the lines above say why (the first installation needs a network)."
}
