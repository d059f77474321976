# SPDX-License-Identifier: Apache-2.0
# Shared by the scripts beside it: where things are kept, and how the program is built.
# shellcheck shell=sh

# Outside the clone, so that a second clone builds in seconds.
KUBEWRIGHT_CACHE=${XDG_CACHE_HOME:-$HOME/.cache}/kubewright
KUBEWRIGHT_BUILD=${KUBEWRIGHT_BUILD:-$KUBEWRIGHT_CACHE/build}

say() {
  printf '== %s\n' "$*" >&2
}

# install_missing COMMAND:PACKAGE... installs the Debian packages whose commands are absent.
install_missing() {
  missing=
  for pair in "$@"; do
    command -v "${pair%%:*}" >/dev/null 2>&1 || missing="$missing ${pair#*:}"
  done
  [ -n "$missing" ] || return 0
  say "installing Debian packages:$missing"
  apt-get update -qq
  # shellcheck disable=SC2086 # a list of words
  DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
}

# python_with MODULE... makes python3 one that has the modules: the one at hand, or one of our own with
# packages from PyPI.
python_with() {
  python3 -c "import $(echo "$*" | tr ' ' ',')" 2>/dev/null && return 0
  venv=$KUBEWRIGHT_CACHE/python
  if ! [ -x "$venv/bin/aws" ]; then
    say "installing Python packages"
    python3 -c 'import ensurepip' 2>/dev/null || install_missing pyvenv-absent:python3-venv
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet 'moto[server]==5.2.5' awscli==1.46.3 boto3==1.44.8 pyyaml==6.0.4 jsonschema==4.26.0
  fi
  PATH=$venv/bin:$PATH
  export PATH
}

# build_program builds kubewright and prints the path of the program.
build_program() {
  say "building kubewright (a few minutes the first time, dependencies included)"
  swift build --scratch-path "$KUBEWRIGHT_BUILD" --product kubewright >&2
  printf '%s\n' "$KUBEWRIGHT_BUILD/debug/kubewright"
}
