#!/bin/sh
# kill -9 of builds at random points: nothing stays that the next start does not sweep, and the next build is right.
# usage: cli/src/it/kill-soak.sh [ROUNDS]     default 200, some five minutes; no other jbuild may run meanwhile
rounds=${1:-200}
. "$(dirname -- "$0")/lib.sh"
busybox_base base
context=$WORK/context
mkdir "$context"
cat >"$context/Buildfile" <<'END'
FROM base
RUN mkdir /a && for i in 1 2 3 4 5 6 7 8 9; do echo $i > /a/$i; done
COPY Buildfile /b/
RUN --mount=type=cache,target=/cache --mount=type=tmpfs,target=/t date > /cache/x; cp /cache/x /t/; rm -r /b
RUN sleep 0.1; (sleep 100 &) ; ln /a/1 /a/link
RUN --network=none echo done > /done
END

# What this machine has of ours, one line each; the build's own store and temporary files among it.
state() {
  find /sys/fs/cgroup -type d -path '*jbuild*' ! -name jbuild | sort
  cut -d' ' -f5 /proc/self/mountinfo | sort
  ls /sys/class/net
  nft list tables 2>/dev/null || true
  find "${TMPDIR:-/tmp}" -maxdepth 1 -name 'jbuild*' | sort
  for process in /proc/[0-9]*; do
    if grep -qs jbuild "$process/cgroup"; then tr '\0' ' ' <"$process/cmdline"; fi
  done
  find "$JBUILD_STORE/ingest" -mindepth 1 2>/dev/null | sort # the trash is emptied when that is worth the while
}

begin "a whole build"
expect 0 jbuild build --progress=plain --no-cache "$context"
state >"$WORK/before"

begin "$rounds builds killed"
round=0
while [ $round -lt "$rounds" ]; do
  # shellcheck disable=SC2086 # a command of several words; not the function, so that $! is the program
  $JBUILD build -t soak --progress=plain --no-cache "$context" >"$WORK/log" 2>&1 &
  pid=$!
  sleep "$(awk -v seed="$$$round" 'BEGIN { srand(seed); printf "%.3f", 0.1 + rand() * 1.6 }')"
  kill -9 "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  round=$((round + 1))
  if [ $((round % 25)) -eq 0 ]; then
    expect 0 jbuild build --progress=plain "$context"
    echo "   $round"
  fi
done

begin "the next build sweeps"
expect 0 jbuild build --progress=plain --no-cache "$context"
state >"$WORK/after"
diff "$WORK/before" "$WORK/after" >"$WORK/diff" || fail "left behind: $(head -40 "$WORK/diff")"
