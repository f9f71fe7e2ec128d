#!/bin/sh
# Limits of steps for an ordinary user: time and tries hold anywhere, memory where control groups are delegated.
. "$(dirname -- "$0")/lib.sh"
need unshare newuidmap setpriv
[ "$(id -u)" = 0 ] || { echo "SKIPPED: ${0##*/} makes users and control groups, which wants root"; exit 77; }
"$it/test-users.sh"
user=jbuild-test
user_launcher
mkdir "$WORK/home" "$WORK/context"
chown "$user:" "$WORK/home"
cp "$(command -v busybox)" "$WORK/context/busybox"

cat >"$WORK/as_user" <<END
#!/bin/sh
# with nothing of root's around it, in the groups that \$GROUPS_OF_USER names
for group in \$GROUPS_OF_USER; do echo \$\$ >"\$group/cgroup.procs"; done
exec setpriv --reuid $user --regid $user --init-groups env -i PATH="$PATH" HOME="$WORK/home" XDG_RUNTIME_DIR= \\
  JAVA_HOME="${JAVA_HOME:-}" JBUILD_NO_REBUILD=1 "\$@"
END
chmod 755 "$WORK/as_user"
GROUPS_OF_USER=
export GROUPS_OF_USER

# build LINE OPTION…: as the user, a step on busybox
build() {
  line=$1
  shift
  {
    echo 'FROM scratch'
    echo 'COPY busybox /bin/sh'
    echo "$line"
  } >"$WORK/context/Buildfile"
  "$WORK/as_user" "$launcher" build --progress=plain "$@" "$WORK/context"
}

begin "a timeout and another try hold without any control group"
expect 1 build 'RUN --timeout=1s --retry=1,0 echo begun; sleep 7777'
contains "$err" "step took longer than its timeout of 1s; try 2 of 2"
contains "$err" "Buildfile:3: "

begin "another try begins with clean files"
expect 1 build 'RUN --retry=1,0 test ! -e /left && touch /left && exit 3'
contains "$err" "exit code 3; try 2 of 2"
contains "$err" "successfully: exit code 3"

begin "a limit that nothing here keeps is an error, not a step without it"
expect 1 build 'RUN --memory=64m true'
contains "$err" "Buildfile:3: "
contains "$err" "memory"

# Groups that belong to the user: his session has such where the system's manager delegates them.
for controller in memory cpu cpuacct pids; do
  directory=/sys/fs/cgroup/$controller
  [ -f "$directory/cgroup.procs" ] || continue
  mkdir "$directory/jbuild-it-$$"
  chown -R "$user:" "$directory/jbuild-it-$$"
  GROUPS_OF_USER="$GROUPS_OF_USER $directory/jbuild-it-$$"
done
remove_groups() {
  for group in $GROUPS_OF_USER; do
    rmdir "$group/jbuild" "$group" 2>/dev/null || true
  done
}
trap 'code=$?; remove_groups; (exit "$code"); finish' EXIT
if [ -z "$GROUPS_OF_USER" ]; then
  echo "   left out: no control groups of version 1 to delegate"
  exit 0
fi

begin "in delegated groups the kernel's kill is told with the limit"
expect 1 build 'RUN --memory=32m dd if=/dev/zero of=/dev/null bs=100M count=1'
contains "$err" "out of memory (limit 32 MiB)"

begin "in delegated groups half a core is half of the time, and use is counted"
expect 0 build 'RUN --cpus=0.5 timeout 2 sh -c "while :; do :; done"; true' --metadata-file="$WORK/home/metadata"
cpu=$(sed -n 's/.*"cpuMs" : \([0-9]*\).*/\1/p' "$WORK/home/metadata")
{ [ "$cpu" -ge 50 ] && [ "$cpu" -le 1200 ]; } || fail "$cpu ms of processor time in 2 s"
