#!/usr/bin/env bash
# What each limit of a sandbox comes to: expected, measured, and the deviation; exit code 1 when one is off by more than 5 %.
# usage: bench/limits.sh [CASE...]       as root (WAIT=60 where a start takes long); cases: cpu weight cpuset memory pids io (default: all)
# Needs a processor or two that nobody else is busy with, busybox-static and e2fsprogs. The store is on an ext4 of its own
# in a loop device, so that the limits of disks are measured on a disk, with O_DIRECT.
set -euo pipefail
project=$(dirname -- "$(dirname -- "$(readlink -f -- "$0")")")
: "${JBUILD:=$project/jbuild}"
for program in busybox mkfs.ext4 losetup ldd dd; do
  command -v "$program" >/dev/null || { echo "missing: $program (apt-get install busybox-static e2fsprogs)" >&2; exit 1; }
done
[ "$(id -u)" = 0 ] || { echo "bench/limits.sh mounts a disk: run it as root" >&2; exit 1; }
[ $# -gt 0 ] || set -- cpu weight cpuset memory pids io

work=$(mktemp -d)
disk=
finish() {
  umount "$work/disk" 2>/dev/null || true
  [ -z "$disk" ] || losetup -d "$disk"
  rm -rf "$work"
}
trap finish EXIT
truncate -s 512M "$work/image"
disk=$(losetup --find --show "$work/image")
mkfs.ext4 -q "$disk"
mkdir "$work/disk"
mount "$disk" "$work/disk"
export JBUILD_STORE=$work/disk/store

root=$work/root
mkdir -p "$root/bin" "$root/tmp"
cp "$(command -v busybox)" "$root/bin/busybox"
for applet in sh sleep seq cat tail head timeout rm true wc; do ln -s busybox "$root/bin/$applet"; done
dd=$(readlink -f "$(command -v dd)")
cp "$dd" "$root/bin/dd"
for library in $(ldd "$dd" | grep -o '/[^ ]*'); do
  mkdir -p "$root$(dirname "$library")"
  cp -L "$library" "$root$library"
done
tar -C "$root" --owner=0 --group=0 -cf "$work/root.tar" .
$JBUILD import "$work/root.tar" limits >/dev/null

bad=0
printf '%-28s %12s %12s %10s\n' limit expected measured deviation
# report NAME EXPECTED MEASURED [PERCENT]
report() {
  off=$(awk -v e="$2" -v m="$3" 'BEGIN { printf "%.1f", (m - e) * 100 / e }')
  mark=
  awk -v o="$off" -v most="${4:-5}" 'BEGIN { exit !(o > most || o < -most) }' && { bad=1; mark=' OFF'; }
  printf '%-28s %12s %12s %9s%%%s\n' "$1" "$2" "$3" "$off" "$mark"
}
# inside FLAGS... -- SCRIPT: runs it in a sandbox
inside() {
  flags=()
  while [ "$1" != -- ]; do flags+=("$1"); shift; done
  $JBUILD run "${flags[@]}" limits sh -c "$2"
}

# Works for five seconds on $1 processors, then prints how many of them it had: used time by elapsed time.
spin='
up() { read -r now rest </proc/uptime; echo "${now%.*}${now#*.}"; }
while [ "$(up)" -lt "$AT" ]; do sleep 0.1; done
start=$(up)
for i in $(seq '"\$WORKERS"'); do timeout 5 sh -c "while :; do :; done" & done
wait
end=$(up)
times
echo $((end - start))'
# From what times says of the shell, of its children ("0m2.50s 0m0.01s"), and from hundredths of a second
share() {
  awk 'NR == 2 { for (i = 1; i <= 2; i++) { split($i, t, /[ms]/); used += t[1] * 60 + t[2] } }
       NR == 3 { printf "%.3f", used * 100 / $1 }'
}
cores() { inside "${@:2}" -- "WORKERS=$1 AT=${at:-0}; $spin" | share; }

measure_cpu() {
  report "cpus 0.25 (of one core)" 0.25 "$(cores 1 --cpus 0.25)"
  report "cpus 0.5 (of one core)" 0.5 "$(cores 1 --cpus 0.5)"
  if [ "$(nproc)" -ge 2 ]; then
    report "cpus 1.5 (two workers)" 1.5 "$(cores 2 --cpus 1.5)"
  fi
}
measure_weight() {
  # both begin at the same time, however long they take to start
  at=$(awk -v wait="${WAIT:-8}" '{ print int(($1 + wait) * 100) }' /proc/uptime)
  cores 1 --cpu-shares 2048 --cpuset-cpus 0 >"$work/two" &
  other=$!
  cores 1 --cpu-shares 1024 --cpuset-cpus 0 >"$work/one"
  wait "$other"
  at=0
  report "cpu-shares 2048 : 1024" 2 "$(awk '{ print $1 }' "$work/two" "$work/one" | xargs | awk '{ printf "%.3f", $1 / $2 }')"
}
measure_cpuset() {
  report "cpuset-cpus 0 (two workers)" 1 "$(cores 2 --cpus 2 --cpuset-cpus 0)"
  report "cpuset-cpus 0 (allowed)" 1 "$(inside --cpuset-cpus 0 -- 'while read -r key list; do
    [ "$key" != Cpus_allowed_list: ] || [ "$list" != 0 ] || echo 1; done </proc/self/status')"
}

# The largest buffer in MiB that a program may fill.
survives() { inside --memory 96m -- "/bin/dd if=/dev/zero of=/dev/null bs=${1}M count=1 2>/dev/null" >/dev/null 2>&1; }
measure_memory() {
  low=16 high=192
  while [ $((high - low)) -gt 1 ]; do
    middle=$(((low + high) / 2))
    if survives "$middle"; then low=$middle; else high=$middle; fi
  done
  report "memory 96m (largest MiB)" 96 "$low"
}
measure_pids() {
  # a shell that cannot fork ends, and leaves its number to nobody
  count=$(inside --pids-limit 50 -- '(for i in $(seq 100); do sleep 3 & done) 2>/dev/null; set -- /proc/[0-9]*; echo $#')
  report "pids-limit 50 (and a shell)" 50 $((count + 1)) 3
}

# Bytes per second in units, as /bin/dd tells (the shell would take dd for its own)
speed() { awk '/copied/ { for (i = 1; i <= NF; i++) if ($i ~ /^s,?$/) print $1 / '"$1"' / $(i - 1) }'; }
measure_io() {
  write='/bin/dd if=/dev/zero of=/tmp/file oflag=direct bs=64k count=320 2>&1'
  read='/bin/dd if=/dev/zero of=/tmp/file oflag=direct bs=1M count=20 2>/dev/null; /bin/dd if=/tmp/file of=/dev/null iflag=direct bs=64k 2>&1'
  small='/bin/dd if=/dev/zero of=/tmp/file oflag=direct bs=4k count=1000 2>&1'
  smallread='/bin/dd if=/dev/zero of=/tmp/file oflag=direct bs=1M count=4 2>/dev/null; /bin/dd if=/tmp/file of=/dev/null iflag=direct bs=4k count=1000 2>&1'
  report "device-write-bps 4m (MiB/s)" 4 "$(inside --device-write-bps "$disk:4m" -- "$write" | speed 1048576)"
  report "device-read-bps 4m (MiB/s)" 4 "$(inside --device-read-bps "$disk:4m" -- "$read" | speed 1048576)"
  report "device-write-iops 200" 200 "$(inside --device-write-iops "$disk:200" -- "$small" | speed 4096)"
  report "device-read-iops 200" 200 "$(inside --device-read-iops "$disk:200" -- "$smallread" | speed 4096)"
}


for case in "$@"; do "measure_$case"; done
exit $bad
