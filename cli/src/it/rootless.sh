#!/bin/sh
# An ordinary user builds what root builds: with ranges of ids the image IDs are the same, and nothing is left behind.
. "$(dirname -- "$0")/lib.sh"
need unshare newuidmap setcap setfattr setpriv
"$it/test-users.sh"
export JBUILD_NO_REBUILD=1 SOURCE_DATE_EPOCH=1700000000

# as_user USER COMMAND…: with nothing of root's around it; $WORK/as is the same as a program, to be killed by its number
cat >"$WORK/as" <<'END'
#!/bin/sh
user=$1
shift
exec setpriv --reuid "$user" --regid "$user" --init-groups env -i PATH="$PATH" HOME="${0%/*}/$user" XDG_RUNTIME_DIR= \
  JAVA_HOME="${JAVA_HOME:-}" JBUILD_NO_REBUILD=1 SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" "$@"
END
chmod 755 "$WORK/as"
as_user() {
  "$WORK/as" "$@"
}
for user in jbuild-test jbuild-single; do
  mkdir "$WORK/$user"
  chown "$user:" "$WORK/$user"
done
user_launcher
context=$WORK/context
mkdir "$context"

begin "the launcher becomes root of a user namespace, with nothing between it and its caller"
cat >"$WORK/java" <<'END'
#!/bin/sh
echo "pid=$$ parent=$PPID uid=$(id -u)"
sed 's/  */ /g; s/^/map/' /proc/self/uid_map
for fd in 4 5 6 7 8 9; do if [ -e "/proc/$$/fd/$fd" ]; then echo "left open: $fd"; fi; done
ps -o stat= --ppid $$ | grep Z
cat
exit 7
END
chmod 755 "$WORK/java"
out=$(echo words | as_user jbuild-test sh -c "echo me=\$\$; JBUILD_JAVA=$WORK/java exec $launcher images") && fail "exit code 0"
same "$(echo words | as_user jbuild-test env JBUILD_JAVA="$WORK/java" "$launcher" images >/dev/null || echo $?)" 7 "exit code"
contains "$out" "$(echo "$out" | sed -n 's/^me=/pid=/p') "
contains "$out" "uid=0"
contains "$out" "map 0 $(id -u jbuild-test) 1"
contains "$out" "map 1 "
contains "$out" words
absent "$out" "left open"
absent "$out" Z

cp "$(command -v busybox)" "$context/busybox"
mkdir -p "$context/tree/old/deep" "$context/tree/keep"
echo one >"$context/tree/old/deep/file"
echo two >"$context/tree/keep/file"
cat >"$context/Buildfile" <<'END'
FROM scratch AS base
COPY busybox /bin/
COPY --from=host --with-libs /sbin/setcap /bin/
COPY --from=host --with-libs /usr/bin/setfattr /bin/
RUN ["/bin/busybox", "--install", "-s", "/bin"]
COPY --chown=1000:2000 tree /tree
COPY --chown=65534:65534 --chmod=4711 busybox /owned/setuid

FROM base AS made
RUN mkdir -p /d/e && echo x > /d/e/x && chown -R 33:33 /d && chown 5:6 /d/e/x && chmod 6755 /d/e/x && \
    ln /d/e/x /d/linked && ln -s e/x /d/symbolic && mkfifo /d/pipe && chmod 1777 /d/e
RUN cp /bin/busybox /capable && setcap cap_net_raw,cap_net_bind_service+ep /capable
RUN setfattr -n user.note -v remembered /d/e/x && setfattr -n user.dir -v yes /d
RUN rm -r /tree/old && mkdir /tree/old && echo new > /tree/old/only
RUN rm /tree/keep/file && rm -r /owned
USER 1000:1000
RUN id > /tmp.of.1000 2>/dev/null || id > /tree/id
END

begin "the same Buildfile gives root and a user the same image, layer by layer"
jbuild build -q -t same --build-context host=/ "$context" >"$WORK/id.root"
as_user jbuild-test "$launcher" build -q -t same --build-context host=/ "$context" >"$WORK/id.user"
jbuild save -o "$WORK/root.tar" same
as_user jbuild-test "$launcher" save same >"$WORK/user.tar"
same "$(cat "$WORK/id.user")" "$(cat "$WORK/id.root")" "image ID"
cmp "$WORK/root.tar" "$WORK/user.tar" || fail "the archives differ"

begin "what a user made reads as root's would: owners, capabilities, attributes, deletions"
seen=$(as_user jbuild-test "$launcher" run -u 0 same sh -c \
  'PATH=/bin:$PATH
  stat -c "%n %u:%g %a %h" /d/e/x /d/linked /d /tree/old /tree/keep; ls /tree/old /tree/keep; ls -d /owned 2>&1; true')
contains "$seen" "/d/linked 5:6 6755 2"
contains "$seen" "/d 33:33 755"
contains "$seen" "only"
absent "$seen" "deep"
contains "$seen" "No such file"

begin "the store is the user's alone, and nobody else's jbuild takes it"
store=$WORK/jbuild-test/.local/share/jbuild
same "$(stat -c '%a %U' "$store")" "700 jbuild-test" "the store's mode and owner"
same "$(cat "$store/layers/marks")" user "the marks of its layers"
expect 1 jbuild images --store "$store"
contains "$err" "another user's"
expect 1 as_user jbuild-test "$launcher" images --store "$JBUILD_STORE"
contains "$err" "jbuild: "
same "$(wc -l <"$WORK/err")" 1 "lines of the error"

begin "a place of somebody else's is told, and stays as it is"
mkdir "$WORK/jbuild-test/thesis" && chmod 755 "$WORK/jbuild-test/thesis" && echo x >"$WORK/jbuild-test/thesis/file"
chown -R jbuild-test: "$WORK/jbuild-test/thesis"
expect 1 as_user jbuild-test "$launcher" --store "$WORK/jbuild-test/thesis" images
contains "$err" "no version file"
same "$(stat -c %a "$WORK/jbuild-test/thesis")" 755 "mode of a directory that is no store"
expect 1 as_user jbuild-single "$launcher" --store "$store" images
contains "$err" "another user's"
expect 1 as_user jbuild-single "$launcher" --store "$store/layers" images
contains "$err" "permission denied"

begin "without HOME the store is where the user database says, and a runtime directory of others' is not used"
as_user jbuild-test env -u HOME "$launcher" images >/dev/null 2>"$WORK/err" || true
absent "$(cat "$WORK/err")" /root
mkdir "$WORK/shared" && chmod 1777 "$WORK/shared"
expect 0 as_user jbuild-test env XDG_RUNTIME_DIR="$WORK/shared" "$launcher" run -u 0 same true
same "$(ls -A "$WORK/shared")" "" "a directory that everyone may write to"

begin "root of a user namespace that has no mounts of its own builds as well"
expect 0 as_user jbuild-test unshare --map-root-user --map-auto "$launcher" run -u 0 same true

begin "device files of a tarball are left out by their whole names, and further names of theirs too"
mkdir -p "$WORK/devices/dev"
mknod "$WORK/devices/dev/disk" b 8 0
ln "$WORK/devices/dev/disk" "$WORK/devices/dev/further"
tar -C "$WORK/devices" -cf "$WORK/devices.tar" dev
chmod 644 "$WORK/devices.tar"
expect 0 as_user jbuild-test "$launcher" import "$WORK/devices.tar" devices
contains "$err" '"dev/disk"'
contains "$err" '"dev/further"'

begin "ids beyond the ranges are told, with what mends it"
printf 'FROM base\nCOPY --chown=70000000 busybox /b\n' >"$context/beyond"
as_user jbuild-test "$launcher" tag same base >/dev/null
expect 1 as_user jbuild-test "$launcher" build -f "$context/beyond" "$context"
contains "$err" "70000000"
contains "$err" "/etc/subuid"
printf 'FROM base\nUSER 70000000\nRUN id\n' >"$context/beyond"
expect 1 as_user jbuild-test "$launcher" build -f "$context/beyond" "$context"
contains "$err" "/etc/subuid"

begin "a user without ranges is told when ranges are demanded, and when namespaces are not wanted"
expect 1 as_user jbuild-single env JBUILD_ROOTLESS=ranges "$launcher" build "$context"
contains "$err" "usermod"
expect 1 as_user jbuild-test env JBUILD_ROOTLESS=no "$launcher" build --no-cache "$context"
contains "$err" "JBUILD_ROOTLESS"
expect 1 as_user jbuild-test env JBUILD_ROOTLESS=maybe "$launcher" images
contains "$err" "single"

begin "the same walls: no host's process, device or mount"
cat >"$context/walls" <<'END'
FROM base
USER 0
RUN --network=none <<"EOT"
mount -t tmpfs none /tree && echo MOUNTED
mknod /disk b 8 0 && echo MADE
echo x > /proc/sys/kernel/hostname && echo WRITTEN
ls /sys/class/net | tr '\n' , | sed s/^/interfaces=/
ls /proc | grep -c '^[0-9]' | sed s/^/processes=/
awk '/^(CapEff|CapBnd|NoNewPrivs|Seccomp):/ { print $1 $2 }' /proc/self/status
head -c 4 /dev/urandom >/dev/null && echo x >/dev/null && echo devices work
EOT
END
expect 0 as_user jbuild-test "$launcher" build --progress=plain --no-cache -f "$context/walls" "$context"
err=$(echo "$err" | grep -av '^#[0-9]* \[')
absent "$err" MOUNTED
absent "$err" MADE
absent "$err" WRITTEN
contains "$err" "interfaces=lo,"
contains "$err" "Seccomp:2"
contains "$err" "CapEff:00000000800405fb"
contains "$err" "devices work"

# nothing_left: no process that this script's jbuild has started, no unfinished layer
nothing_left() {
  ! grep -qsa "HOME=$WORK/jbuild-test" /proc/[0-9]*/environ && [ -z "$(ls -A "$store/ingest")" ]
}

printf 'FROM base\nRUN echo RUNNING; sleep 4%s\n' $$ >"$context/long"
for signal in KILL INT HUP TERM; do
  begin "$signal in the middle of a user's step leaves nothing"
  rm -f "$WORK/killed"
  # What a shell starts in the background ignores INT; env gives it back.
  env --default-signal=INT "$WORK/as" jbuild-test "$launcher" build --progress=plain --no-cache -f "$context/long" "$context" >"$WORK/killed" 2>&1 &
  wait_for 60 grep -q '[0-9] RUNNING$' "$WORK/killed"
  kill "-$signal" $!
  wait $! 2>/dev/null || true
  wait_for 20 sh -c "! pgrep -f '[s]leep 4$$' >/dev/null"
  as_user jbuild-test "$launcher" build -q -f "$context/walls" "$context" >/dev/null
  wait_for 20 nothing_left
done
