#!/bin/sh
# What one RUN step costs from plan to committed layer, beside buildah (the same Buildfile) and runc (the start alone).
# usage: bench/run-step.sh [STEPS [ROUNDS]]       as root; everything is made and removed in a temporary directory
set -eu
steps=${1:-20}
rounds=${2:-5}
project=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
: "${JBUILD:=$project/jbuild}"
for program in buildah runc busybox jq python3; do
  command -v "$program" >/dev/null || { echo "missing: $program (apt-get install it)" >&2; exit 1; }
done
work=$(mktemp -d)
export JBUILD_STORE="$work/store"
export CONTAINERS_STORAGE_CONF="$work/storage.conf"
printf '[storage]\ndriver = "overlay"\ngraphroot = "%s/containers"\nrunroot = "%s/containers-run"\n' "$work" "$work" >"$CONTAINERS_STORAGE_CONF"
trap 'rm -rf "$work"' EXIT

mkdir -p "$work/root/bin" "$work/root/tmp" "$work/context"
cp "$(command -v busybox)" "$work/root/bin/busybox"
for applet in sh true; do ln -s busybox "$work/root/bin/$applet"; done
tar -C "$work/root" --owner=0 --group=0 -cf "$work/root.tar" .

now() { date +%s%N; }
# ms COMMAND…: prints how many milliseconds it took
ms() {
  start=$(now)
  "$@" >"$work/out" 2>&1 || { cat "$work/out" >&2; exit 1; }
  echo $((($(now) - start) / 1000000))
}
median() { sort -n | awk '{a[NR]=$1} END {print a[int((NR + 1) / 2)]}'; }
buildfile() {
  echo 'FROM base'
  i=0
  while [ $i -lt "$1" ]; do
    echo "RUN true $i"
    i=$((i + 1))
  done
}
buildfile 1 >"$work/context/one"
buildfile $((steps + 1)) >"$work/context/many"

# shellcheck disable=SC2086 # a command of several words
{
  $JBUILD import "$work/root.tar" base >/dev/null
  buildah from --name base-container scratch >/dev/null
  buildah add -q base-container "$work/root.tar" / >/dev/null
  buildah commit -q base-container localhost/base >/dev/null

  mkdir -p "$work/bundle"
  cp -a "$work/root" "$work/bundle/rootfs"
  (cd "$work/bundle" && runc spec)
  python3 - "$work/bundle/config.json" <<'PY'
import json, sys
config = json.load(open(sys.argv[1]))
config["process"]["terminal"] = False
config["process"]["args"] = ["/bin/true"]
config["linux"]["namespaces"] = [n for n in config["linux"]["namespaces"] if n["type"] != "cgroup"]
config["linux"].pop("resources", None)
config["mounts"] = [m for m in config["mounts"] if m["type"] != "cgroup"]
json.dump(config, open(sys.argv[1], "w"))
PY

  one() { $JBUILD build -q --no-cache --network=none -f "$work/context/one" "$work/context"; }
  many() { $JBUILD build -q --no-cache --network=none --metadata-file "$work/metadata" -f "$work/context/many" "$work/context"; }
  buildah_one() { buildah bud --layers --no-cache --pull-never --runtime runc --network none -q -f "$work/context/one" "$work/context"; }
  buildah_many() { buildah bud --layers --no-cache --pull-never --runtime runc --network none -q -f "$work/context/many" "$work/context"; }
  runc_once() { (cd "$work/bundle" && runc run "bench-$$"); }

  one >/dev/null # class data, page cache
  : >"$work/j1"; : >"$work/jn"; : >"$work/js"; : >"$work/b1"; : >"$work/bn"; : >"$work/r"
  round=0
  while [ $round -lt "$rounds" ]; do
    ms one >>"$work/j1"
    ms many >>"$work/jn"
    jq -r '."jbuild.steps"[] | select(.title | startswith("RUN")) | .ms' "$work/metadata" >>"$work/js"
    ms runc_once >>"$work/r"
    if [ $round -lt 2 ]; then # it takes long enough to be steady
      ms buildah_one >>"$work/b1"
      ms buildah_many >>"$work/bn"
    fi
    round=$((round + 1))
  done
}
jbuild_step=$(echo "$(median <"$work/jn") $(median <"$work/j1") $steps" | awk '{printf "%.1f", ($1 - $2) / $3}')
buildah_step=$(echo "$(median <"$work/bn") $(median <"$work/b1") $steps" | awk '{printf "%.1f", ($1 - $2) / $3}')
runc_start=$(median <"$work/r")
echo "medians of $rounds rounds, $steps steps of RUN true, in milliseconds"
echo "jbuild   whole build of $((steps + 1)) steps $(median <"$work/jn"), per further step $jbuild_step, first to last as the builder saw a step $(median <"$work/js")"
echo "buildah  whole build of $((steps + 1)) steps $(median <"$work/bn"), per further step $buildah_step"
echo "runc     run /bin/true $runc_start"
echo "ratio    jbuild : buildah $(echo "$jbuild_step $buildah_step" | awk '{printf "%.3f", $1 / $2}'), jbuild : runc run $(echo "$jbuild_step $runc_start" | awk '{printf "%.3f", $1 / $2}')"
