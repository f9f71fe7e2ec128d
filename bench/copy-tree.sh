#!/bin/sh
# COPY of a tree of 20,000 small files, beside buildah and, if it is installed, BuildKit in dockerd: the first build, the
# same after one file changed, and with nothing changed. Each round has a filesystem of its own in a loop file, because
# ext4 makes files far more slowly for minutes after many were deleted.
# usage: bench/copy-tree.sh [ROUNDS [FILES [FOLDERS]]]   as root; everything is made and removed in a temporary directory
#   PEERS="buildah dockerd"   whom to compare with; empty for jbuild alone
set -eu
rounds=${1:-3}
files=${2:-20000}
folders=${3:-2500}
home=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
: "${JBUILD:=$home/jbuild}"
peers=${PEERS-buildah dockerd}
for program in python3 mkfs.ext4 jq; do
  command -v "$program" >/dev/null || { echo "missing: $program (apt-get install it)" >&2; exit 1; }
done
work=$(mktemp -d)
disk=$work/disk
daemon=
stop_daemon() {
  if [ -n "$daemon" ]; then
    kill "$daemon" 2>/dev/null || true
    wait "$daemon" 2>/dev/null || true
    daemon=
  fi
}
# One after another: what is still mounted below keeps the loop filesystem.
release() {
  stop_daemon
  awk -v "below=$disk/" 'index($2, below) == 1 {print $2}' /proc/mounts | sort -r | while read -r mounted; do umount "$mounted"; done
  if mountpoint -q "$disk"; then umount "$disk"; fi
  rm -f "$work/image"
}
trap 'release; rm -rf "$work"' EXIT
fresh() {
  release
  mkdir -p "$disk"
  truncate -s 8G "$work/image"
  mkfs.ext4 -q -F -E lazy_itable_init=0,lazy_journal_init=0 "$work/image"
  mount -o loop "$work/image" "$disk"
  sync -f "$disk"
}
now() { date +%s%N; }
# ms COMMAND…: prints how many milliseconds it took
ms() {
  start=$(now)
  "$@" >"$work/out" 2>&1 </dev/null || { cat "$work/out" >&2; exit 1; }
  echo $((($(now) - start) / 1000000))
}
median() { sort -n | awk '{a[NR]=$1} END {if (NR) print a[int((NR + 1) / 2)]; else print "-"}'; }

tree=$work/context/tree
"$home/bench/make-tree.py" "$tree" "$files" "$folders"
printf 'FROM scratch\nCOPY tree /tree\n' >"$work/context/Dockerfile"
changed=$(find "$tree" -name 'module-00.js' | sort | head -n 1)
cp -p "$changed" "$work/original"

begin_jbuild() { $JBUILD --store "$disk/jbuild" images; }
run_jbuild() { $JBUILD --store "$disk/jbuild" build -q -t tree "$work/context"; }
begin_buildah() {
  printf '[storage]\ndriver = "overlay"\ngraphroot = "%s"\nrunroot = "%s"\n' "$disk/buildah" "$disk/buildah-run" >"$work/storage.conf"
  CONTAINERS_STORAGE_CONF=$work/storage.conf buildah images
}
run_buildah() { CONTAINERS_STORAGE_CONF=$work/storage.conf buildah bud --layers -q -t tree "$work/context"; }
begin_dockerd() {
  mkdir -p "$disk/docker"
  dockerd --iptables=false --ip6tables=false --bridge=none --data-root "$disk/docker" --exec-root "$disk/docker-run" \
    -p "$disk/docker.pid" -H "unix://$work/docker.sock" >"$work/dockerd.log" 2>&1 &
  daemon=$!
  tries=0
  until docker -H "unix://$work/docker.sock" version >/dev/null 2>&1; do
    tries=$((tries + 1))
    if [ $tries -gt 100 ] || ! kill -0 "$daemon" 2>/dev/null; then return 1; fi
    sleep 0.2
  done
}
run_dockerd() { DOCKER_BUILDKIT=1 docker -H "unix://$work/docker.sock" build -q -t tree "$work/context"; }

usable=jbuild
for peer in $peers; do
  if ! command -v "$peer" >/dev/null; then
    echo "$peer is not installed: left out" >&2
  elif fresh && "begin_$peer" >/dev/null 2>&1 && "run_$peer" >"$work/out" 2>&1; then
    usable="$usable $peer"
  else
    echo "$peer does not build here: left out; its last words: $(tail -n 2 "$work/out" "$work/dockerd.log" 2>/dev/null | tr '\n' ' ')" >&2
  fi
done

round=0
while [ $round -lt "$rounds" ]; do
  for tool in $usable; do
    cp -p "$work/original" "$changed"
    fresh
    "begin_$tool" >/dev/null 2>&1
    ms "run_$tool" >>"$work/first.$tool"
    ms "run_$tool" >>"$work/same.$tool"
    echo "// $round $tool" >>"$changed"
    touch -d '2018-01-01' "$changed"
    ms "run_$tool" >>"$work/changed.$tool"
  done
  round=$((round + 1))
done

echo "medians of $rounds rounds, COPY of $files files in $folders folders, $(du -sm --apparent-size "$tree" | cut -f 1) MB, in milliseconds"
for kind in first changed same; do
  ours=$(median <"$work/$kind.jbuild")
  line=$(printf '%-8s jbuild %s' "$kind" "$ours")
  for tool in ${usable#jbuild}; do
    theirs=$(median <"$work/$kind.$tool")
    line="$line, $tool $theirs (jbuild : $tool $(echo "$ours $theirs" | awk '{printf "%.2f", $1 / $2}'))"
  done
  echo "$line"
done
