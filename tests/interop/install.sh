# Sourced by the scripts that install what a suite or a bench needs on a Debian machine. It must not decide what that is.
# shellcheck shell=bash

# Installs packages of Debian's, if any are named.
debian() {
    (($#)) || return 0
    # The runners of a forge are not root.
    local as_root=(env DEBIAN_FRONTEND=noninteractive)
    ((EUID == 0)) || as_root=(sudo "${as_root[@]}")
    "${as_root[@]}" apt-get update -qq
    "${as_root[@]}" apt-get install -y -qq --no-install-recommends "$@" >/dev/null
}

# Debian's package of what makes an environment of Python, where that is missing.
needed_for_python() {
    python3 -c 'import venv, ensurepip' 2>/dev/null || echo python3-venv
}

# Makes an environment of Python with what these requirements name: FOLDER REQUIREMENTS [pip's own flags].
python_packages() {
    python3 -m venv "$1"
    "$1/bin/python" -m pip install --quiet --disable-pip-version-check "${@:3}" -r "$2"
}

# Puts programs and package.json into a folder, with the packages beside them, where Node looks: FOLDER FILES.
node_packages() {
    mkdir -p "$1"
    cp "${@:2}" "$1"
    (cd "$1" && npm ci --silent --no-audit --no-fund --ignore-scripts)
}
