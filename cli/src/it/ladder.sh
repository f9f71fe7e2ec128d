#!/bin/sh
# What the doctor finds, what a build says of its rung, and what is listed of a sandbox while it runs.
. "$(dirname -- "$0")/lib.sh"
need setpriv unshare lsns python3
busybox_base base
export PATH="$PATH:/usr/sbin:/sbin"

begin "doctor says that root stands on the first rung"
expect 0 jbuild doctor
contains "$out" "rung 1 of 5: full root"
contains "$out" "builds work here"
expect 0 jbuild doctor --format json
contains "$out" '"rung" : "full-root"'
expect 2 jbuild doctor --format xml

begin "doctor without any right says no, and why"
expect 1 setpriv --bounding-set=-all --inh-caps=-all $JBUILD doctor
contains "$out" "RUN steps cannot be run here"
contains "$out" "without CAP_SYS_ADMIN"

begin "doctor as root of a user namespace with one id"
expect 0 unshare -Ur $JBUILD --store "$WORK/single" doctor
contains "$out" "rung 3 of 5"

begin "a build behind fewer walls says so, and can be refused"
printf 'FROM base\nRUN true\n' >"$WORK/Buildfile"
expect 0 jbuild build --progress=plain "$WORK"
absent "$err" "rootless"
expect 0 jbuild build --require-rung full-root "$WORK"
expect 0 unshare -Ur $JBUILD --store "$WORK/single" info
contains "$out" "rootless with one id: user namespace of root, 1 id"
expect 1 unshare -Ur $JBUILD --store "$WORK/single" build --require-rung=rootless "$WORK"
contains "$err" "--require-rung=rootless, and this is rootless with one id"
expect 1 jbuild build --isolation=chroot --require-rung=single-id "$WORK"
contains "$err" "--require-rung=single-id, and this is chroot"
expect 2 jbuild build --require-rung=best "$WORK"

begin "info and the metadata name the storage driver and the network"
expect 0 jbuild info
contains "$out" "full root; storage: overlay; network: host"
expect 0 jbuild build --no-cache --storage-driver copy --network none --metadata-file "$WORK/metadata" "$WORK"
contains "$(cat "$WORK/metadata")" '"storage" : "copy (asked for)"'
contains "$(cat "$WORK/metadata")" '"network" : "none"'
expect 0 jbuild doctor
contains "$out" "driver: overlay"
contains "$out" "default: host"
expect 0 unshare -Urm $JBUILD --store "$WORK/one" import "$WORK/bb.tar" base
expect 0 unshare -Urm $JBUILD --store "$WORK/one" build --progress=plain "$WORK"
contains "$err" "rootless with one id: user namespace of root, 1 id; "
contains "$err" "; storage: overlay; network: host"

begin "a step that the kernel refuses something leads to the doctor"
for lack in namespaces mounts seccomp; do
  expect 1 python3 "$it/refuse.py" $lack $JBUILD build --no-cache "$WORK"
  contains "$err" "Buildfile:2: "
  contains "$err" "'jbuild doctor' tells what this machine lacks for it"
  expect 1 python3 "$it/refuse.py" $lack $JBUILD run base true
  contains "$err" "'jbuild doctor' tells what this machine lacks for it"
done
expect 1 python3 "$it/refuse.py" mounts $JBUILD build --no-cache --storage-driver overlay "$WORK"
contains "$err" "the storage driver overlay does not work here: "
contains "$err" "'jbuild doctor' tells"
printf 'FROM base\nRUN exit 3\n' >"$WORK/Failing"
expect 1 jbuild build -f "$WORK/Failing" "$WORK"
absent "$err" "jbuild doctor"
expect 127 jbuild run base /no/such
absent "$err" "jbuild doctor"

begin "what runs has a name, and its namespaces are those of lsns"
jbuild run --name web base sleep 1000 &
pids=$!
wait_for 30 sh -c "$JBUILD ps -q | grep -qx web"
expect 0 jbuild ps
contains "$out" "sleep 1000"
pid=$(echo "$out" | sed -n 's/^web  *\([0-9]*\) .*/\1/p')
expect 0 jbuild ns -n web
same "$(echo "$out" | awk '{ print $1, $2 }' | sort)" "$(lsns -n -p "$pid" -o NS,TYPE | awk '{ print $1, $2 }' | sort)" namespaces
expect 0 jbuild ns --type net,pid -l "$pid"
contains "$out" OWNER
absent "$out" " mnt "
expect 1 jbuild run --name web base true
contains "$err" 'a sandbox called "web" is running'
for name in 'a b' ../x '' -x .lock; do
  expect 2 jbuild run "--name=$name" base true
done
expect 1 jbuild ns nobody
expect 1 jbuild ns 999999999
expect 2 jbuild ns --type house

begin "a killed jbuild leaves no name"
expect 0 jbuild ps --format json
kill -9 "$(echo "$out" | tr -d '\n' | sed 's/.*"name" : "web".*"owner" : \([0-9]*\).*/\1/')"
wait "$pids" 2>/dev/null || true
pids=
wait_for 30 sh -c "! $JBUILD ps -q | grep -qx web"
expect 0 jbuild run --name web base true

begin "clocks ahead of the machine's"
expect 0 jbuild run --boottime 5000000 base cut -d. -f1 /proc/uptime
[ "$out" -gt 5000000 ] || fail "uptime is $out"
expect 1 jbuild run --boottime -5000000000 base true
contains "$err" "set the clocks ahead"
