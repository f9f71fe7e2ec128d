#!/bin/sh
# Limits of steps: processors, memory, time; another try on clean files; what each step used.
. "$(dirname -- "$0")/lib.sh"
busybox_base base
context=$WORK/context
mkdir "$context"

# buildfile LINE…: what is built next
buildfile() {
  printf '%s\n' 'FROM base' "$@" >"$context/Buildfile"
}

# used FIELD: a number of the only RUN step's use, from the metadata file
used() {
  sed -n "s/.*\"$1\" : \([0-9]*\).*/\1/p" "$WORK/metadata"
}

# fails COMMAND…: a build that must fail, and tell why in one line with its place
fails() {
  expect 1 jbuild build --progress=plain --no-cache "$@" "$context"
}

begin "a timeout ends the step and everything that it left running"
buildfile "RUN --timeout=1s sleep 7$$ & echo begun; sleep 8$$"
fails
contains "$err" "Buildfile:2: "
contains "$err" "step took longer than its timeout of 1s"
contains "$err" ">>> RUN --timeout=1s"
same "$(pgrep -fc "sleep (7$$|8$$)\$" || true)" 0 "processes left"

begin "a step that listens is asked first"
buildfile "RUN --timeout=2s trap 'echo asked; exit 0' TERM; sleep 9999 & wait"
fails
contains "$err" " asked"
contains "$err" "timeout of 2s"

begin "--step-timeout is for the steps that name none"
buildfile 'RUN --timeout=1m sleep 2' 'RUN sleep 7777'
fails --step-timeout=1s
contains "$err" "Buildfile:3: "

begin "another try begins with clean files, and with the caches as they were left"
buildfile 'RUN --retry=2,10ms --mount=type=cache,target=/count \' \
  '    echo x >>/count/n; ls /left* 2>/dev/null; touch /left; n=$(wc -l </count/n); touch /by-$n; test $n = 3'
expect 0 jbuild build --progress=plain --metadata-file="$WORK/metadata" -t tried "$context"
contains "$err" "exit code 1; try 2 of 3 in 10ms"
contains "$err" "exit code 1; try 3 of 3 in 10ms"
echo "$err" | grep -Eq "^#[0-9]+ [0-9.]+ /left" && fail "files of the try before: $err"
same "$(used tries)" 3 "tries"
same "$(jbuild run tried sh -c 'ls -d /left /by-*' | tr '\n' ' ')" "/by-3 /left " "files"
expect 0 jbuild build --progress=plain "$context"
contains "$err" "cached"

begin "no other try where the command is not there"
buildfile 'RUN no-such-command'
fails --step-retry=3,0
absent "$err" "try 2"

begin "memory: the kernel's kill is told with the limit, and tried again"
buildfile 'RUN --memory=32m --retry=1,0 dd if=/dev/zero of=/dev/null bs=100M count=1'
fails
contains "$err" "out of memory (limit 32 MiB)"
contains "$err" "try 2 of 2"

begin "memory: the command line's is a cap"
buildfile 'RUN --memory=2g dd if=/dev/zero of=/dev/null bs=100M count=1'
fails --memory=32m
contains "$err" "warning: Buildfile:2: --memory of the step asks for 2048 MiB, the build allows 32 MiB"
contains "$err" "out of memory (limit 32 MiB)"

begin "half a core is half of the time, at most"
buildfile 'RUN --cpus=0.5 timeout 3 sh -c "while :; do :; done"; true'
expect 0 jbuild build --progress=plain --no-cache --metadata-file="$WORK/metadata" "$context"
cpu=$(used cpuMs)
# a busy machine gives less, and then there is nothing to hold back
{ [ "$cpu" -ge 100 ] && [ "$cpu" -le 1700 ]; } || fail "$cpu ms of processor time in 3 s"
[ "$cpu" -lt 1200 ] || [ "$(used throttledMs)" -gt 0 ] || fail "never throttled"

begin "processes: a bomb ends at the limit"
buildfile 'RUN --pids=20 for i in $(seq 40); do sleep 1 & done; true'
fails
contains "$err" "fork"

begin "use is told at the end of the step, as a table and as JSON"
buildfile 'RUN dd if=/dev/zero of=/file bs=1M count=20'
expect 0 jbuild build --progress=plain --no-cache --usage --metadata-file="$WORK/metadata" "$context"
echo "$err" | grep -Eq '^#[0-9]+ done [0-9.]+s  cpu [0-9.]+s mem [0-9.]+MiB' || fail "no use: $err"
contains "$err" "MEMORY"
[ "$(used peakMemoryBytes)" -ge 20971520 ] || fail "peak of $(used peakMemoryBytes) bytes"
expect 0 jbuild build --progress=rawjson --no-cache "$context"
contains "$err" '"usage":{"tries":1'

begin "limits are in no key and no history, and a plain Dockerfile does without"
buildfile 'RUN --memory=64m echo same >/same'
expect 0 jbuild build --progress=plain -t same "$context"
buildfile 'RUN --cpus=0.7 --timeout=1m echo same >/same'
expect 0 jbuild build --progress=plain "$context"
contains "$err" "cached"
absent "$(jbuild history same)" "--memory"
expect 0 jbuild transpile "$context"
contains "$out" "# RUN --cpus=0.7 --timeout=1m"
contains "$out" "RUN echo same >/same"

begin "wrong limits are told with their place"
buildfile 'RUN --memory=64k true'
expect 1 jbuild build "$context"
contains "$err" 'Buildfile:2: --memory: "64k" is out of range: memory is 6m or more'
expect 1 jbuild check "$context"
contains "$err" 'Buildfile:2: --memory: "64k" is out of range'
expect 2 jbuild build --step-retry=1000 "$context"
contains "$err" "0 to 100 more tries"
expect 2 jbuild run --device-read-bps /dev/null:1m base true
contains "$err" "is no disk"

begin "processors that are not there are told, not an error of jbuild's"
buildfile 'RUN --cpuset-cpus=8000 true'
fails
contains "$err" "Buildfile:2: there are no processors 8000"
expect 1 jbuild run --cpuset-cpus 8000 base true
contains "$err" "there are no processors 8000"
