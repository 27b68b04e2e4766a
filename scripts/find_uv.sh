#!/usr/bin/env bash
# Write the path of uv into the file $1; where uv is missing, pip installs it.
set -euo pipefail

local_uv=$PWD/.cache/uv/bin/uv
wanted='uv>=0.13,<1'
export PIP_ROOT_USER_ACTION=ignore PIP_DISABLE_PIP_VERSION_CHECK=1

python_with_pip() {
  local python
  for python in python3.11 python3 python; do
    if "$python" -m pip --version >/dev/null 2>&1; then echo "$python" && return; fi
  done
  echo "uv is missing and no Python with pip was found: install uv, or Python 3.11 with pip" >&2
  return 1
}

install_uv() {
  local python
  python=$(python_with_pip)
  echo "installing uv with pip" >&2
  # Root's own Python takes it for every shell; one that is managed by the system, or a user's, keeps it in the project.
  if [ "$(id -u)" = 0 ] && "$python" -m pip install --quiet "$wanted" 2>/dev/null; then
    if command -v pyenv >/dev/null; then pyenv rehash; fi
    hash -r
    if command -v uv >/dev/null; then return; fi
  fi
  "$python" -m pip install --quiet --target .cache/uv "$wanted" >&2
  echo "uv is in .cache/uv/bin; to call it yourself: export PATH=\"$PWD/.cache/uv/bin:\$PATH\"" >&2
}

mkdir -p .cache
if ! command -v uv >/dev/null && [ ! -x "$local_uv" ]; then install_uv; fi
found=$(command -v uv || echo "$local_uv")
if [ "$found" != "$(cat "$1" 2>/dev/null)" ]; then echo "$found" >"$1"; fi
