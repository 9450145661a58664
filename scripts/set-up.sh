#!/bin/sh
# Makes .venv with the pinned requirements; `set-up.sh run` for `make run`, `set-up.sh test` for
# `make test`, which also needs servers, a browser and PDF tools from the distribution.
# Installs from the distribution only what is missing, and only as root or with a sudo that does
# not ask. PYTHON=… chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
purpose=$1

refuse() {
    echo "$1" >&2
    exit 1
}

new_enough() {
    "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null
}

find_python() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if new_enough "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    first=${PYTHON:-python3}
    if found=$("$first" --version 2>&1); then
        refuse "Concord needs Python 3.11 or newer; $first here is $found."
    fi
    refuse "Concord needs Python 3.11 or newer, and no $first was found: install python3."
}

# apt_install REASON PACKAGE…
apt_install() {
    reason=$1
    shift
    if ! command -v apt-get >/dev/null; then
        refuse "$reason: install $* with your system's package manager, then start again."
    elif [ "$(id -u)" = 0 ]; then
        as_root=
    elif sudo -n true 2>/dev/null; then
        as_root=sudo
    else
        refuse "$reason: run “sudo apt-get install $*”, then start again."
    fi
    echo "$reason: installing $*"
    export DEBIAN_FRONTEND=noninteractive
    $as_root apt-get update -qq || true
    $as_root apt-get install -qq -y --no-install-recommends "$@" >/dev/null ||
        refuse "$reason, and installing $* failed: see above."
}

make_environment() {
    if [ -x .venv/bin/python ] && new_enough .venv/bin/python; then
        return
    fi
    python=$(find_python)
    "$python" -c 'import ensurepip, venv' 2>/dev/null ||
        apt_install "Python's venv module is missing" python3-venv
    echo "making the virtual environment .venv with $("$python" --version)"
    "$python" -m venv --clear .venv
}

# install NAME: what requirements-NAME.txt (or requirements.txt) asks for, unless it is there.
install() {
    file=requirements${1:+-$1}.txt
    stamp=.venv/installed-${1:-runtime}
    wanted=$(cksum <"$file")
    if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ]; then
        return
    fi
    echo "installing $file"
    if [ -x .venv/bin/uv ]; then
        set -- .venv/bin/uv pip install --python .venv/bin/python --compile-bytecode
    else
        set -- .venv/bin/python -m pip install --disable-pip-version-check
    fi
    "$@" --quiet --require-hashes -r "$file" && echo "$wanted" >"$stamp"
}

node_is_new_enough() {
    command -v npm >/dev/null &&
        node -e 'process.exit(parseInt(process.versions.node) < 20 ? 1 : 0)' 2>/dev/null
}

# What the tests start for real.
install_test_tools() {
    missing=
    command -v initdb >/dev/null || ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 ||
        missing="$missing postgresql"
    command -v redis-server >/dev/null || missing="$missing redis-server"
    command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
        command -v google-chrome >/dev/null || missing="$missing chromium"
    command -v pdftotext >/dev/null || missing="$missing poppler-utils"
    if [ -n "$missing" ]; then
        # shellcheck disable=SC2086  # one word per package
        apt_install "The tests need more of the distribution" $missing
    fi
    offer_headless_shell
}

# Chromium without its windows costs half as much; where it is not to be had, the whole one does.
offer_headless_shell() {
    tried=.venv/tried-headless-shell
    if [ ! -e "$tried" ] && ! command -v chromium-headless-shell >/dev/null &&
        apt-cache show chromium-headless-shell >/dev/null 2>&1; then
        (apt_install "Tests are quicker with it" chromium-headless-shell) 2>/dev/null ||
            touch "$tried"
    fi
}

make_environment
# uv installs the rest many times faster; where it has no wheel, pip does it.
install uv 2>/dev/null || echo "no uv for this machine, pip takes longer"
install ""
node_is_new_enough || install node
if [ "$purpose" = test ]; then
    install dev
    install_test_tools
fi
