#!/bin/sh
# What a RUN step costs with each storage driver over the root of a Debian, and what a build costs that has one.
# usage: bench/drivers.sh [STEPS [ROUNDS]]       as root; DEBIAN=DIR is a tree of debootstrap's that is there already
set -eu
steps=${1:-10}
rounds=${2:-3}
project=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
: "${JBUILD:=$project/jbuild}"
for program in debootstrap fuse-overlayfs; do
  command -v "$program" >/dev/null || { echo "missing: $program (apt-get install it)" >&2; exit 1; }
done
work=$(mktemp -d)
export JBUILD_STORE="$work/store"
trap 'rm -rf "$work"' EXIT

tree=${DEBIAN:-$work/debian}
[ -d "$tree" ] || debootstrap --variant=minbase stable "$tree" >"$work/debootstrap.log"
tar -C "$tree" --numeric-owner -cf "$work/debian.tar" .
mkdir "$work/context"

now() { date +%s%N; }
# ms COMMAND…: prints how many milliseconds it took
ms() {
  start=$(now)
  "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
  echo $((($(now) - start) / 1000000))
}
median() { sort -n | awk '{a[NR]=$1} END {print a[int((NR + 1) / 2)]}'; }
buildfile() {
  echo 'FROM debian'
  i=0
  while [ $i -lt "$1" ]; do
    echo "RUN echo $i >>/etc/motd"
    i=$((i + 1))
  done
}
buildfile 1 >"$work/context/one"
buildfile $((steps + 1)) >"$work/context/many"
# shellcheck disable=SC2086 # a command of several words
build() { $JBUILD build -q --no-cache --network=none --storage-driver "$1" -f "$work/context/$2" "$work/context"; }

# shellcheck disable=SC2086
$JBUILD import "$work/debian.tar" debian >/dev/null
round=0
while [ $round -lt "$rounds" ]; do
  for driver in overlay fuse-overlayfs copy; do # in turn, so that other work on the machine meets all of them
    [ $round -gt 0 ] || build $driver one >/dev/null # class data, page cache
    ms build $driver one >>"$work/$driver.one"
    ms build $driver many >>"$work/$driver.many"
  done
  round=$((round + 1))
done
files=$(find "$tree" | wc -l)
echo "medians of $rounds rounds over $files files ($(du -sm "$tree" | cut -f1) MB), in milliseconds"
for driver in overlay fuse-overlayfs copy; do
  one=$(median <"$work/$driver.one")
  many=$(median <"$work/$driver.many")
  echo "$driver: build of one step $one, each further step $(echo "$many $one $steps" | awk '{printf "%.0f", ($1 - $2) / $3}')"
done
