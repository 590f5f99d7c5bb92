#!/usr/bin/env bash
# Prepares this folder for `make run` (./bootstrap.sh run) or for the tests (./bootstrap.sh dev):
# what the operating system lacks, then .venv with the locked packages. It may be interrupted and
# started again at any point, and changes nothing outside this folder but by apt.
set -euo pipefail
cd "$(dirname "$0")"

kind=${1:-run}
case $kind in
    run) lock=requirements.lock ;;
    dev) lock=requirements-dev.lock ;;
    *)
        echo "usage: ./bootstrap.sh [run|dev]" >&2
        exit 2
        ;;
esac

say() { printf '%s\n' "$*"; }
stop() {
    printf '\n%s\n\n' "$*" >&2
    exit 1
}

# Two of these at once wait for one another.
if command -v flock >/dev/null; then
    exec 9<.
    flock 9
fi

# ------------------------------------------------------------------ what the machine lacks

find_python() {
    local name
    for name in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
        if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
            command -v "$name"
            return
        fi
    done
}

has_library() { # has_library FILE
    { ldconfig -p 2>/dev/null || /sbin/ldconfig -p 2>/dev/null; } | grep -q "$1" ||
        compgen -G "/usr/lib/*/$1*" >/dev/null
}

has_font() { # has_font NAME: without fontconfig the files themselves are looked for
    if command -v fc-list >/dev/null; then
        [ -n "$(fc-list "$1")" ]
    else
        [ -n "$(find /usr/share/fonts /usr/local/share/fonts -iname "$1*" -print -quit 2>/dev/null)" ]
    fi
}

missing=()
lacks() { missing+=("$1"); }

python=$(find_python)
if [ -z "$python" ]; then
    lacks python3
    lacks python3-venv
elif ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    lacks python3-venv
fi
has_library libpango-1.0.so.0 || lacks libpango-1.0-0
has_library libpangoft2-1.0.so.0 || lacks libpangoft2-1.0-0
has_library libharfbuzz-subset.so.0 || lacks libharfbuzz-subset0
command -v fc-list >/dev/null || lacks fontconfig
has_font Carlito || lacks fonts-crosextra-carlito

install_missing() {
    local apt=(apt-get -o DPkg::Lock::Timeout=120) as=()
    [ "$(id -u)" -eq 0 ] || as=(sudo -n)
    say "Memasang paket sistem: ${missing[*]}"
    # An earlier set-up may have been interrupted inside dpkg.
    "${as[@]}" dpkg --configure -a >/dev/null 2>&1 || true
    "${as[@]}" "${apt[@]}" update -qq || true # an old list is better than none
    "${as[@]}" env DEBIAN_FRONTEND=noninteractive "${apt[@]}" install -y -qq \
        --no-install-recommends "${missing[@]}" </dev/null >/dev/null
}

if [ ${#missing[@]} -gt 0 ]; then
    command="apt-get update && apt-get install -y --no-install-recommends ${missing[*]}"
    if ! command -v apt-get >/dev/null; then
        stop "Sistem ini belum memiliki yang setara dengan paket Debian berikut, dan tidak ada apt-get" \
            "untuk memasangnya: ${missing[*]}. Pasanglah, lalu jalankan lagi."
    elif [ "$(id -u)" -ne 0 ] && ! sudo -n true 2>/dev/null; then
        stop "Beberapa paket sistem belum ada. Minta administrator menjalankan perintah ini, lalu" \
            "jalankan lagi: sudo sh -c '$command'"
    elif ! install_missing; then
        stop "Paket sistem tidak dapat dipasang. Periksa pesan apt di atas, atau jalankan sendiri:" \
            "$command"
    fi
    python=$(find_python)
    [ -n "$python" ] || stop "Portal ini memerlukan Python 3.11 atau lebih baru; sistem ini hanya" \
        "memiliki $(python3 --version 2>&1). Pasang yang lebih baru, atau tunjuk dengan PYTHON=/…/python3."
fi

# ---------------------------------------------------------------- .venv with locked packages

venv=$PWD/.venv
unfinished=$venv/unfinished
if [ -e "$unfinished" ] ||
    ! [ "$("$venv/bin/python" -c 'import pip, sys; print(sys.prefix)' 2>/dev/null)" = "$venv" ]; then
    # None yet, interrupted, of a Python that is gone, or of a checkout that was moved.
    say "Menyiapkan .venv dengan $("$python" --version)"
    rm -rf "$venv"
    mkdir "$venv"
    touch "$unfinished"
    "$python" -m venv "$venv" || stop "Lingkungan Python tidak dapat dibuat di $venv."
fi
rm -f "$venv/$kind.ok"
touch "$unfinished"

pip=("$venv/bin/python" -m pip -qq --disable-pip-version-check --no-input)
say "Memasang paket Python dari $lock (pertama kali perlu beberapa menit)"
"${pip[@]}" install --no-compile --require-hashes --no-deps --only-binary :all: -r "$lock" ||
    stop "Paket Python tidak dapat dipasang. Periksa sambungan ke indeks paket, lalu jalankan lagi."
# pip compiles on one core, and the packages' own tests as well; what fails here is compiled later.
"$venv/bin/python" -m compileall -q -j 0 -x '/tests/' "$venv/lib" >/dev/null 2>&1 || true
"${pip[@]}" install --no-build-isolation --no-deps --no-index --editable . ||
    stop "Portal tidak dapat dipasang ke .venv; lihat pesan di atas."

# The stamps are what make looks at. The tests' packages include all that the portal needs.
rm -f "$unfinished"
[ "$kind" = run ] || touch "$venv/run.ok"
touch "$venv/$kind.ok"
