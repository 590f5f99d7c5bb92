# Runs a command as deploy/*.service would have it: everything read-only but a folder of data and a
# /tmp of its own, no capability, no way to more. Needs `unshare --user --map-root-user --mount`.
#   sh enclosed.sh DATA TMP TREE COMMAND ...
set -eu
data=$1 own_tmp=$2 tree=$3
shift 3
mount --make-rprivate /
mount --bind "$data" "$data"
mount -t tmpfs -o mode=0700 tmpfs "$own_tmp"
cut -d' ' -f5 /proc/self/mountinfo | sort -u | while read -r place; do
    case $place in
    "$data" | "$own_tmp" | /proc | /proc/* | /dev | /dev/* | /sys | /sys/*) ;;
    *) mount -o remount,bind,ro "$place" ;;
    esac
done
for place in "$tree" "$tree/hr_portal" /usr /etc /tmp; do
    if touch "$place/.written" 2>/dev/null; then
        echo "$place can be written" >&2
        exit 3
    fi
done
export TMPDIR="$own_tmp"
exec setpriv --no-new-privs --bounding-set=-all --inh-caps=-all -- "$@"
