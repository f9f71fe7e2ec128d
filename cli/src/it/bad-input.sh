#!/bin/sh
# Wrong input gets one clear message with its line, the right exit code, and leaves the store as it was.
. "$(dirname -- "$0")/lib.sh"
busybox_base base
context=$WORK/context
mkdir "$context"

snapshot() {
  (cd "$JBUILD_STORE" && find . \( -path ./trash -o -path ./logs -o -path ./stat-index \) -prune -o -type f -print | sort)
}

# refused CODE PART TEXT…: a Buildfile that must fail with PART in its message
refused() {
  code=$1
  part=$2
  printf '%b' "$3" >"$context/Buildfile"
  before=$(snapshot)
  expect "$code" jbuild build --progress=quiet "$context"
  contains "$err" "$part"
  same "$out" "" "standard output"
  [ "${4:-}" = keeps ] || same "$(snapshot)" "$before" "the store"
}

begin "a syntax error"
refused 1 "Buildfile:2" 'FROM base\nENV\n'
begin "an unknown instruction"
refused 1 "Buildfile:2" 'FROM base\nRUM echo\n'
contains "$err" "RUN"
begin "an unknown flag"
refused 1 "Buildfile:3" 'FROM base\n\nCOPY --chwon=1 a b\n'
contains "$err" "chown"
begin "a missing COPY source"
refused 1 "Buildfile:2" 'FROM base\nCOPY nothing /there\n'
contains "$err" "nothing"
begin "an unknown base"
refused 1 "Buildfile:1" 'FROM 127.0.0.1:1/no/such:image\n'
begin "a failing RUN"
refused 1 "Buildfile:3" 'FROM base\nRUN touch /kept\nRUN echo before; exit 3\n' keeps
contains "$err" "3"
contains "$err" "before"
begin "a missing Buildfile and a missing context"
rm "$context/Buildfile"
expect 1 jbuild build "$context"
contains "$err" "Buildfile"
expect 1 jbuild build "$WORK/nowhere"
contains "$err" "nowhere"
begin "wrong usage"
expect 2 jbuild build --no-such-option .
expect 2 jbuild frobnicate
expect 2 jbuild build --memory=lots .
begin "platforms"
printf 'FROM base\n' >"$context/Buildfile"
for wrong in linux/amd64,linux/ 'linux/amd64,' windoze a/b/c/d 'linux/am d64' ''; do
  expect 2 jbuild build --platform "$wrong" "$context"
  contains "$err" "platform"
done
expect 2 jbuild run --platform linux/amd64,linux/arm64 base
expect 2 jbuild pull --all-platforms --platform linux/arm64 base
expect 1 jbuild build --platform linux/amd64,linux/arm64 -o "type=docker,dest=$WORK/none.tar" "$context"
contains "$err" "docker archive"
[ ! -e "$WORK/none.tar" ] || fail "something was written"
refused 1 "Buildfile:1" 'FROM --platform=linux/ base\n'
refused 1 "Buildfile:1" 'FROM --platform=$NOWHERE base\n'
expect 1 jbuild build --pull=never --platform linux/s390x "$context" -f - <<BUILDFILE
FROM base
BUILDFILE
contains "$err" "only for linux/"
begin "ONBUILD takes no FROM"
refused 1 "Buildfile:2" 'FROM base\nONBUILD FROM --platform=linux/arm64 base\n'

begin "commands that are not there, or cannot be executed"
expect 127 jbuild run base no-such-program
expect 126 jbuild run base /etc/passwd
begin "images that are not there"
expect 1 jbuild run no-such-image
expect 1 jbuild inspect no-such-image
expect 1 jbuild rmi no-such-image
expect 1 jbuild push no-such-image
begin "a registry that refuses"
expect 1 jbuild pull 127.0.0.1:1/some/image
contains "$err" "127.0.0.1:1"

begin "a full disk: loud, and the store as it was"
mkdir "$WORK/small"
mount -t tmpfs -o size=8m none "$WORK/small"
head -c 30000000 /dev/urandom >"$context/big"
printf 'FROM scratch\nCOPY small /\nCOPY big /\n' >"$context/Buildfile"
echo small >"$context/small"
(
  export JBUILD_STORE=$WORK/small/store
  expect 1 jbuild build --progress=quiet -t full "$context"
  contains "$err" "no space"
  same "$(jbuild images -q)" "" "images after a failed build"
  rm "$context/big"
  echo fits >"$context/big"
  expect 0 jbuild build --progress=quiet -t full "$context"
) || { umount -l "$WORK/small"; exit 1; }
umount -l "$WORK/small"

begin "closed standard streams are not files of Java's"
# the launcher opens them, in a home of its own because the checkout's may want to be compiled
busybox_base closed
mkdir -p "$WORK/home/cli/target"
cp "$project/jbuild" "$WORK/home/"
ln -s "$project"/cli/target/* "$WORK/home/cli/target/"
touch "$WORK/home/cli/target/jbuild.stamp"
launcher=$WORK/home/jbuild
export JBUILD_NO_REBUILD=1
# shellcheck disable=SC2016 # for the shell in the container
expect 0 "$launcher" run closed sh -c 'ls -l /proc/self/fd; read line; echo "read=$line"' <&-
contains "$out" "0 -> /dev/null"
contains "$out" "read="
streams=$("$launcher" run closed ls -l /proc/self/fd 2>&-) || true # ls cannot list its own listing
contains "$streams" "2 -> /dev/null"
if "$launcher" images >&- 2>/dev/null; then fail "a closed standard output was no error"; fi
