#!/bin/sh
# What a RUN step sees, may do and may use; and what a kill -9 of the builder leaves.
. "$(dirname -- "$0")/lib.sh"
busybox_base base
context=$WORK/context
mkdir "$context"

# probe SCRIPT: runs it as a RUN step, its output in $err
probe() {
  printf 'FROM base\nRUN <<"EOF"\n%s\nEOF\n' "$1" >"$context/Buildfile"
  expect "${2:-0}" jbuild build --progress=plain --network=none --no-cache "$context"
  err=$(echo "$err" | grep -av '^#[0-9]* \[') # without the titles, which hold the script itself
}

begin "PID 1 is the step, and no process of the host is in sight"
probe 'echo "pid=$$"; cat /proc/[0-9]*/cmdline | tr "\000" " "
ls /proc | grep "^[0-9]" | sort -n | tail -1 | sed s/^/highest=/'
contains "$err" "pid=1"
absent "$err" "java "
highest=$(echo "$err" | sed -n 's/.* highest=\([0-9]*\)$/\1/p')
[ "$highest" -lt 100 ] || fail "process $highest is visible"

begin "the host name is the sandbox's"
probe 'hostname | sed s/^/name=/'
absent "$err" "name=$(hostname)"

begin "no interface of the host"
probe 'ls /sys/class/net | tr "\n" , | sed s/^/interfaces=/'
contains "$err" "interfaces=lo,"

begin "mount, mknod of a disk and writing below /proc/sys fail"
probe 'mount -t tmpfs none /tmp && echo MOUNTED
mknod /tmp/disk b 8 0 && echo MADE
echo x > /proc/sys/kernel/hostname && echo WRITTEN
echo end'
absent "$err" MOUNTED
absent "$err" MADE
absent "$err" WRITTEN
contains "$err" end

begin "files of the host are not there"
probe "ls -d $project $JBUILD_STORE /proc/1/root$project && echo SEEN; echo end"
absent "$err" SEEN

begin "a memory limit of 64 MiB kills an allocation of 200 MiB and says so"
printf 'FROM base\nRUN dd if=/dev/zero of=/dev/null bs=200M count=1\n' >"$context/Buildfile"
expect 1 jbuild build --progress=plain --memory=64m --no-cache "$context"
contains "$err" "out of memory"
contains "$err" "64"

begin "kill -9 in the middle of a step leaves nothing, and the next build is right"
printf 'FROM base\nRUN touch /a\nRUN echo RUNNING; sleep %s\n' "4$$" >"$context/Buildfile"
# shellcheck disable=SC2086 # a command of several words; not the function, so that $! is the program
$JBUILD build --progress=plain "$context" >"$WORK/killed" 2>&1 &
pid=$!
wait_for 60 grep -q '[0-9] RUNNING$' "$WORK/killed"
sleeper=$(pgrep -o -f "[s]leep 4$$") || fail "the step does not run"
group=$(sed -n 's#.*/jbuild/##p' "/proc/$sleeper/cgroup" | head -1)
[ -n "$group" ] || fail "the step is in no control group of jbuild"
kill -9 "$pid"
wait "$pid" 2>/dev/null || true
wait_for 20 sh -c "! pgrep -f '[s]leep 4$$' >/dev/null"
same "$(grep -c "$WORK" /proc/self/mounts)" 0 "mounts of the host"
printf 'FROM base\nRUN touch /a\nRUN echo fine > /b\n' >"$context/Buildfile"
expect 0 jbuild build --progress=plain -t after "$context"
contains "$err" "cached"
same "$(jbuild run after cat /b)" "fine" "content"
same "$(find /sys/fs/cgroup -name "$group" 2>/dev/null)" "" "control groups"
same "$(find "$JBUILD_STORE/ingest" -mindepth 1 -maxdepth 1 2>/dev/null | wc -l)" 0 "unfinished layers"
