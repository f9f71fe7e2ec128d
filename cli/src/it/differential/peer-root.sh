#!/bin/sh
# A Debian of its own with the newest Buildah and dockerd (with its BuildKit) that Debian has, so that neither is
# installed on this machine.
#   peer-root.sh make ROOT                 makes it with mmdebstrap, about 700 MB
#   peer-root.sh enter ROOT WORK COMMAND…  runs a command in there, in a mount namespace; WORK is at the same path
set -eu
# The record in testdata/differential is of what this suite had.
suite=forky
packages=docker.io,docker-cli,docker-buildx,buildah,netavark,runc,ca-certificates,xz-utils

make() {
  mmdebstrap --variant=apt --aptopt='Acquire::Check-Valid-Until "false"' --include="$packages" "$suite" "$1"
}

enter() {
  # runc wants a root that is a mount, and marks of its own below /run
  exec unshare --mount --propagation private sh -c '
    set -eu
    root=$1 work=$2
    shift 2
    mount --rbind "$root" "$root"
    mount --make-rprivate "$root"
    for part in proc sys dev; do mount --rbind "/$part" "$root/$part"; done
    mount -t tmpfs none "$root/run"
    mkdir -p "$root$work"
    mount --bind "$work" "$root$work"
    exec chroot "$root" "$@"' sh "$@"
}

case ${1:-} in
  make | enter) "$@" ;;
  *) echo "usage: ${0##*/} make ROOT | enter ROOT WORK COMMAND…" >&2; exit 2 ;;
esac
