#!/bin/sh
# From the order to start a sandbox with all walls to the exec of its command, beside runc; then many at once.
# usage: bench/sandbox-start.sh [COUNT [CHURN]]    as root; everything is made and removed in a temporary directory
#        COUNT starts in turn with runc's (default 200), CHURN starts from four threads beside garbage (default 10000)
set -eu
count=${1:-200}
churn=${2:-10000}
project=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
for program in runc busybox python3 mvn; do
  command -v "$program" >/dev/null || { echo "missing: $program (apt-get install it)" >&2; exit 1; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$project"
[ -n "${JBUILD_NO_REBUILD:-}" ] || mvn -B -q -Pquick -Dmaven.test.skip -pl bench,cli -am package
classes="bench/target/classes:$(find cli/target/lib -name '*.jar' | tr '\n' :)"

mkdir -p "$work/root/bin" "$work/root/tmp" "$work/root/etc" "$work/bundle"
cp "$(command -v busybox)" "$work/root/bin/busybox"
for applet in sh true; do ln -s busybox "$work/root/bin/$applet"; done
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
java=java
"$java" -cp "$classes" io.jbuild.bench.SandboxSpeed start "$work" "$work/bundle" "$count"
"$java" -cp "$classes" io.jbuild.bench.SandboxSpeed churn "$work" "$churn"
