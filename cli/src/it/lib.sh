# shellcheck shell=sh
# What every acceptance script shares; sourced, not run.
#
# JBUILD   the command under test; words are split (default: the launcher of this checkout)
# WORK     a directory of the script's own, removed at its end
set -eu

it=$(dirname -- "$(readlink -f -- "$0")")
project=$(readlink -f -- "$it/../../..")
: "${JBUILD:=$project/jbuild}"
WORK=$(mktemp -d)
export JBUILD_STORE=$WORK/store
pids=

finish() {
  code=$?
  trap - EXIT
  for pid in $pids; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  if [ "$code" -ne 0 ]; then echo "FAILED: ${0##*/}: $step" >&2; fi
  rm -rf "$WORK"
  exit "$code"
}
step=start
trap finish EXIT
trap 'exit 130' INT TERM

# begin WORDS: names what is checked from here on
begin() {
  step=$*
  echo "== $step"
}

fail() {
  echo "   $*" >&2
  exit 1
}

same() {
  [ "$1" = "$2" ] || fail "${3:-values}: '$1' is not '$2'"
}

# contains TEXT PART
contains() {
  case $1 in
    *"$2"*) ;;
    *) fail "'$2' is not in: $1" ;;
  esac
}

# absent TEXT PART
absent() {
  case $1 in
    *"$2"*) fail "'$2' is in: $1" ;;
  esac
}

# expect CODE COMMAND…: runs it, keeps what it wrote in $out and $err, and wants exactly that exit code
expect() {
  wanted=$1
  shift
  set +e
  "$@" >"$WORK/out" 2>"$WORK/err"
  got=$?
  set -e
  out=$(cat "$WORK/out")
  err=$(cat "$WORK/err")
  [ "$got" = "$wanted" ] || fail "exit code $got instead of $wanted of: $* -- $out $err"
  absent "$err" "	at "
  absent "$err" "internal error"
}

jbuild() {
  # shellcheck disable=SC2086 # a command of several words
  $JBUILD "$@"
}

# need PROGRAM…: ends the script, loudly and with 77, where one is missing
need() {
  for program in "$@"; do
    command -v "$program" >/dev/null || {
      echo "SKIPPED: ${0##*/} needs $program (apt-get install it)"
      exit 77
    }
  done
}

# busybox_base NAME: imports an image with busybox as every program of it
busybox_base() {
  need busybox
  mkdir -p "$WORK/bb/bin" "$WORK/bb/etc" "$WORK/bb/tmp" "$WORK/bb/dev"
  cp "$(command -v busybox)" "$WORK/bb/bin/busybox"
  for applet in $("$WORK/bb/bin/busybox" --list); do
    [ "$applet" = busybox ] || ln -sf busybox "$WORK/bb/bin/$applet"
  done
  echo 'root:x:0:0:root:/root:/bin/sh' >"$WORK/bb/etc/passwd"
  echo 'root:x:0:' >"$WORK/bb/etc/group"
  tar -C "$WORK/bb" --owner=0 --group=0 --mtime=@0 --sort=name -cf "$WORK/bb.tar" .
  jbuild import -c 'CMD ["/bin/sh"]' "$WORK/bb.tar" "$1" >/dev/null
}

# free_port: a TCP port of the loopback that nobody listens on
free_port() {
  python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'
}

# wait_for SECONDS COMMAND…: until it succeeds
wait_for() {
  deadline=$(($(date +%s) + $1))
  shift
  until "$@" >/dev/null 2>&1; do
    [ "$(date +%s)" -lt "$deadline" ] || fail "not in time: $*"
    sleep 0.1
  done
}

# start_registry: a real registry on $registry, its storage in $WORK/registry
start_registry() {
  need docker-registry curl python3
  registry=127.0.0.1:$(free_port)
  mkdir -p "$WORK/registry"
  cat >"$WORK/registry.yml" <<YAML
version: 0.1
log: {level: error}
storage: {filesystem: {rootdirectory: $WORK/registry}}
http: {addr: $registry}
YAML
  docker-registry serve "$WORK/registry.yml" >"$WORK/registry.log" 2>&1 &
  pids="$pids $!"
  wait_for 20 curl -fs "http://$registry/v2/"
}

# user_launcher: the program as any user can start it, its path in $launcher: a copy, since only root may be able to
# read the checkout, and without anything that a start could want to compile
user_launcher() {
  launcher=$WORK/program/jbuild
  mkdir -p "$WORK/program/cli/target"
  cp "$project/jbuild" "$WORK/program/"
  cp -R "$project/cli/target/jbuild.jar" "$project/cli/target/lib" "$project/cli/target/native" "$WORK/program/cli/target/"
  touch "$WORK/program/cli/target/jbuild.stamp"
  chmod -R a+rX "$WORK/program"
  chmod 755 "$WORK"
}
