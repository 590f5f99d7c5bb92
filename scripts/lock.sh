#!/usr/bin/env bash
# Writes the two lock files anew from pyproject.toml: exact versions with hashes for every
# platform and Python from 3.11 on, and no address of any package index in them.
# Needs `uv` (pip install uv). Without arguments the pins stay where they can; `--upgrade` lifts them.
set -euo pipefail
cd "$(dirname "$0")/.."

lock() { # lock GROUP FILE [ARGUMENT ...]
    local group=$1 file=$2
    shift 2
    uv pip compile pyproject.toml --group "$group" --output-file "$file" --quiet --no-config \
        --universal --python-version 3.11 --generate-hashes \
        --no-annotate --no-header --no-emit-index-url --no-emit-find-links "$@"
    if grep -nE '(https?|file)://' "$file"; then
        echo "$file names an address; see above" >&2
        exit 1
    fi
}

lock dev requirements-dev.lock "$@"
# The smaller set is taken from the larger one, so both always agree.
lock build requirements.lock --constraint requirements-dev.lock "$@"
