#!/bin/sh
# Private networks as root and as an ordinary user: the way out, no loopback of the machine's, and nothing left after a kill -9.
. "$(dirname -- "$0")/lib.sh"
need ip nft busybox setpriv newuidmap pasta slirp4netns
[ "$(id -u)" = 0 ] || { echo "SKIPPED: ${0##*/} needs root"; exit 77; }
"$it/test-users.sh"
chmod 755 "$WORK"
export JBUILD_NO_REBUILD=1

# A host behind this machine, made of a namespace; it answers on port 80.
net=jbi$$
ip netns add "$net"
remove_net() {
  for pid in $(ip netns pids "$net"); do kill "$pid"; done
  ip netns del "$net"
}
trap 'remove_net; finish' EXIT
ip link add "$net" type veth peer name eth0 netns "$net"
ip addr add 198.18.79.1/30 dev "$net"
ip link set "$net" up
ip -n "$net" addr add 198.18.79.2/30 dev eth0
ip -n "$net" link set eth0 up
mkdir "$WORK/site" "$WORK/context" "$WORK/home"
echo outside >"$WORK/site/index.html"
ip netns exec "$net" busybox httpd -p 80 -h "$WORK/site"

chown jbuild-test: "$WORK/home"
launcher=$project/jbuild
mkdir "$WORK/slirp" "$WORK/neither"
ln -s /usr/bin/* /bin/* /sbin/* "$WORK/slirp" 2>/dev/null || true
ln -s /usr/bin/* /bin/* /sbin/* "$WORK/neither" 2>/dev/null || true
rm "$WORK/slirp/pasta" "$WORK/neither/pasta" "$WORK/neither/slirp4netns"
cat >"$WORK/as" <<'END'
#!/bin/sh
exec setpriv --reuid jbuild-test --regid jbuild-test --init-groups env -i PATH="$PATH" HOME="${0%/*}/home" XDG_RUNTIME_DIR= \
  JAVA_HOME="${JAVA_HOME:-}" JBUILD_NO_REBUILD=1 "$@"
END
chmod 755 "$WORK/as"

cp "$(command -v busybox)" "$WORK/context/busybox"
cat >"$WORK/context/Buildfile" <<'END'
FROM scratch AS base
COPY busybox /bin/
RUN --network=none ["/bin/busybox", "--install", "-s", "/bin"]
FROM base
RUN --network=private (printf 'GET / HTTP/1.0\r\n\r\n'; sleep 1) | nc -w 5 198.18.79.2 80 | sed s/^/heard=/; \
    nc -w 1 127.0.0.1 9 </dev/null || echo loopback is its own; \
    nc -w 1 $(ip route | sed -n 's/^default via \([0-9.]*\) .*/\1/p') PORT </dev/null >/dev/null 2>&1 && echo REACH''ED; true
END
python3 -c '
import socket, sys, time
s = socket.socket(); s.bind(("127.0.0.1", 0)); s.listen()
print(s.getsockname()[1], flush=True); time.sleep(600)' >"$WORK/port" &
pids="$pids $!"
wait_for 20 test -s "$WORK/port"
sed -i "s/PORT/$(cat "$WORK/port")/" "$WORK/context/Buildfile"

heard() {
  contains "$err" "heard=outside"
  contains "$err" "loopback is its own"
  absent "$err" REACHED
}

begin "root: a pair of interfaces"
expect 0 jbuild build --progress=plain --no-cache "$WORK/context"
heard

begin "nothing is left after a kill -9 of root's build"
printf 'FROM scratch\nCOPY busybox /bin/\nRUN --network=private ["/bin/busybox", "sh", "-c", "echo RUNNING; exec busybox sleep 5%s"]\n' $$ >"$WORK/context/long"
"$launcher" build --progress=plain --no-cache -f "$WORK/context/long" "$WORK/context" >"$WORK/killed" 2>&1 &
wait_for 60 grep -q '[0-9] RUNNING$' "$WORK/killed"
nft list tables | grep -q "jbuild-" || fail "no table of the packet filter"
kill -KILL $!
wait $! 2>/dev/null || true
wait_for 20 sh -c "! pgrep -f '[s]leep 5$$' >/dev/null"
table=jbuild-$(printf %x $!)-
wait_for 20 sh -c "! nft list tables | grep -q '$table'"

if [ "$(stat -c %a /dev/net/tun 2>/dev/null)" != 666 ]; then
  echo "SKIPPED: ${0##*/}: users may not open /dev/net/tun, which is the distribution's default"
  exit 0
fi

# carriers PROGRAM: how many of them this user's builds have
carriers() {
  pgrep -u jbuild-test -c -f "^$1 .*/proc/self/fd/0" || true
}
no_carriers() {
  [ "$(carriers pasta)" = 0 ] && [ "$(carriers slirp4netns)" = 0 ]
}

for program in pasta slirp4netns; do
  [ "$program" = pasta ] || PATH=$WORK/slirp
  begin "an ordinary user: $program"
  expect 0 "$WORK/as" "$launcher" build --progress=plain --no-cache "$WORK/context"
  heard
  wait_for 20 no_carriers

  begin "$program ends with a kill -9 of jbuild"
  rm -f "$WORK/killed"
  "$WORK/as" "$launcher" build --progress=plain --no-cache -f "$WORK/context/long" "$WORK/context" >"$WORK/killed" 2>&1 &
  wait_for 60 grep -q '[0-9] RUNNING$' "$WORK/killed"
  [ "$(carriers "$program")" -ge 1 ] || fail "no $program is there"
  kill -KILL $!
  wait $! 2>/dev/null || true
  wait_for 20 sh -c "! pgrep -f '[s]leep 5$$' >/dev/null"
  wait_for 20 no_carriers
done

begin "without either program a user is told which package to install"
PATH=$WORK/neither
expect 1 "$WORK/as" "$launcher" build --no-cache "$WORK/context"
contains "$err" "install the package passt"
