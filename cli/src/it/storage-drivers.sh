#!/bin/sh
# Random steps give one image, whoever builds it and with whichever storage driver; a directory made anew keeps what is in it.
# usage: cli/src/it/storage-drivers.sh [SEED]     as root
seed=${1:-7}
. "$(dirname -- "$0")/lib.sh"
need busybox python3 setpriv newuidmap
"$it/test-users.sh"
chmod 755 "$WORK"
export JBUILD_NO_REBUILD=1 SOURCE_DATE_EPOCH=1100000000
mkdir "$WORK/home" "$WORK/context"
chown jbuild-test: "$WORK/home"
cp "$(command -v busybox)" "$WORK/context/busybox"

# as_user DRIVER COMMAND…
as_user() {
  driver=$1
  shift
  setpriv --reuid jbuild-test --regid jbuild-test --init-groups env -i PATH="$PATH" HOME="$WORK/home" XDG_RUNTIME_DIR= \
    JAVA_HOME="${JAVA_HOME:-}" JBUILD_NO_REBUILD=1 SOURCE_DATE_EPOCH="$SOURCE_DATE_EPOCH" \
    JBUILD_STORE="$WORK/home/$driver" JBUILD_STORAGE_DRIVER="$driver" "$project/jbuild" "$@"
}
if ! setpriv --reuid jbuild-test --regid jbuild-test --init-groups test -x "$project/jbuild"; then
  echo "SKIPPED: ${0##*/} needs a checkout that every user can read"
  exit 77
fi

python3 - "$seed" >"$WORK/context/Buildfile" <<'PY'
import random, sys
random.seed(int(sys.argv[1]))
print('FROM scratch\nCOPY busybox /bin/\nRUN ["/bin/busybox", "--install", "-s", "/bin"]')
def path():
    return "/w/" + "/".join(random.choice("abcde") for _ in range(random.randint(1, 3)))
def change():
    a, b = path(), path()
    return random.choice([
        f"[ -p {a} ] || echo {random.randint(0, 3)} >>{a}", f"mkdir -p {a}", f"rm -rf {a}", f"rmdir {a}", f"mkfifo {a}", f"ln -s x {a}",
        f"chmod 7{random.randint(10, 77)} {a}", f"chown {random.randint(0, 5)}:{random.randint(0, 5)} {a}",
        f"touch -d @{1000000000 + random.randint(0, 3)} {a}",
        f"if [ -f {a} ]; then mv {a} {b}; fi", f"if [ ! -d {a} ]; then ln {a} {b}; fi",
        f"if [ -d {a} ]; then cp -a {a} /w/z; rm -rf {a}; cp -a /w/z {a}; rm -rf /w/z; fi",
    ])
for _ in range(25):
    print("RUN mkdir -p /w; { " + "; ".join(change() for _ in range(25)) + "; } 2>/dev/null; true")
PY

begin "625 random changes, seed $seed: root and a user, with overlayfs and with a copy"
wanted=$(jbuild build -q --network=none --storage-driver overlay "$WORK/context")
for driver in overlay copy; do
  same "$(as_user $driver build -q --network=none "$WORK/context")" "$wanted" "a user's image with $driver"
done
same "$(jbuild build -q --no-cache --network=none --storage-driver copy "$WORK/context")" "$wanted" "root's image with copy"

begin "a directory that was deleted and made again has what is in it"
cat >"$WORK/context/again" <<'END'
FROM scratch
COPY busybox /bin/
RUN ["/bin/busybox", "--install", "-s", "/bin"]
RUN mkdir -p /d/s/t && echo 1 >/d/a && echo 2 >/d/s/b && echo 3 >/d/s/t/c && mkfifo /d/p && find /d -exec touch -d @1000000000 {} +
RUN cp -a /d /e; rm -rf /d; mv /e /d
RUN cp -a /d/s /e; rm -rf /d/s; mv /e /d/s
RUN [ "$(find /d | wc -l)" = 7 ] && [ "$(cat /d/a /d/s/b /d/s/t/c | tr -d '\n')" = 123 ]
END
for driver in overlay copy; do
  expect 0 jbuild build -q --no-cache --network=none --storage-driver $driver -f "$WORK/context/again" "$WORK/context"
done
