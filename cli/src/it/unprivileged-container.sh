#!/bin/sh
# Builds in a container that may make no namespaces: the root, the capabilities and the filter of system calls that Docker gives
# a container by default, made by runc itself.
. "$(dirname -- "$0")/lib.sh"
need runc python3 busybox unshare
profile=/usr/share/containers/seccomp.json
[ -r "$profile" ] || {
  echo "SKIPPED: ${0##*/} needs $profile (apt-get install golang-github-containers-common)"
  exit 77
}
[ "$(id -u)" = 0 ] || {
  echo "SKIPPED: ${0##*/} makes containers as root"
  exit 77
}
# What runs in there is what runs here: its files are mounted read-only.
java=${JBUILD%% *}
case $java in
  */bin/java) ;;
  *) java=$(readlink -f -- "$(command -v java)") ;;
esac

# The hello example, but for the line whose text is the number of a process and the name of a host.
cp -r "$project/Buildfile.examples/hello" "$WORK/hello"
sed -i 's/^RUN echo .*/RUN --mount=type=cache,target=\/cache echo "built as user $(id -u)" >built; echo used >>\/cache\/uses/' "$WORK/hello/Buildfile"
# Two stages at once that each find the shared cache whole, for as long as they take.
cat >"$WORK/hello/Two" <<'END'
FROM hello AS one
USER 0
RUN --mount=type=cache,id=both,target=/cache i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done; echo one >>/cache/uses; cat /proc/self/status || echo no proc
FROM hello AS two
USER 0
RUN --mount=type=cache,id=both,target=/cache i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done; echo two >>/cache/uses
FROM hello
COPY --from=one /srv/built /one
COPY --from=two /srv/built /two
USER 0
RUN --mount=type=cache,id=both,target=/cache echo "uses: $(cat /cache/uses | { read -r a; read -r b; echo "$a $b"; })"
END

# container NAME COMMAND…: runs it as root of a container on the machine's network, with the store of NAME
container() {
  name=$1
  shift
  bundle=$WORK/bundle-$name
  mkdir -p "$bundle/rootfs" "$WORK/store-$name" "$WORK/reports"
  for link in bin sbin lib lib64; do [ -L "$bundle/rootfs/$link" ] || ln -s "usr/$link" "$bundle/rootfs/$link"; done
  mkdir -p "$bundle/rootfs/tmp" "$bundle/rootfs/var/tmp"
  python3 - "$bundle/config.json" "$profile" "$project" "$WORK" "$name" "$java" "$(uname -m)" "$@" <<'END'
import json, os, sys
config, profile, project, work, name, java, machine, *args = sys.argv[1:]
caps = ["CAP_" + c for c in (
    "CHOWN DAC_OVERRIDE FSETID FOWNER MKNOD NET_RAW SETGID SETUID SETFCAP SETPCAP NET_BIND_SERVICE SYS_CHROOT KILL AUDIT_WRITE").split()]

def included(rule):
    inc, exc = rule.get("includes") or {}, rule.get("excludes") or {}
    arch = {"x86_64": "amd64", "aarch64": "arm64"}[machine]
    if set(inc.get("caps") or []) - set(caps) or set(exc.get("caps") or []) & set(caps):
        return False
    return arch in (inc.get("arches") or [arch]) and arch not in (exc.get("arches") or [])

# Podman's profile lets everybody ask for namespaces and mounts; Docker's keeps these calls for CAP_SYS_ADMIN.
administrators = set(
    "bpf clone clone3 fanotify_init fsconfig fsmount fsopen fspick lookup_dcookie mount mount_setattr move_mount open_tree "
    "perf_event_open pivot_root quotactl setdomainname sethostname setns syslog umount umount2 unshare".split())
NEW_NAMESPACES = 0x7E020000
rules = json.load(open(profile))
keep = ("names", "action", "args", "errnoRet")
seccomp = {
    "defaultAction": rules["defaultAction"], "defaultErrnoRet": 1,
    "architectures": ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"] if machine == "x86_64" else ["SCMP_ARCH_AARCH64"],
    "syscalls": [dict({k: r[k] for k in keep if r.get(k)}, names=[n for n in r["names"] if n not in administrators])
                 for r in rules["syscalls"] if included(r) and set(r["names"]) - administrators] + [
        {"names": ["clone"], "action": "SCMP_ACT_ALLOW",
         "args": [{"index": 0, "value": NEW_NAMESPACES, "valueTwo": 0, "op": "SCMP_CMP_MASKED_EQ"}]},
        {"names": ["clone3"], "action": "SCMP_ACT_ERRNO", "errnoRet": 38}]}

def bind(source, target=None, mode="ro"):
    return {"destination": target or source, "type": "bind", "source": source, "options": ["rbind", mode]}

mounts = [
    {"destination": "/proc", "type": "proc", "source": "proc"},
    {"destination": "/dev", "type": "tmpfs", "source": "tmpfs", "options": ["nosuid", "strictatime", "mode=755", "size=64k"]},
    {"destination": "/dev/shm", "type": "tmpfs", "source": "shm", "options": ["nosuid", "noexec", "nodev", "mode=1777"]},
    {"destination": "/sys", "type": "sysfs", "source": "sysfs", "options": ["nosuid", "noexec", "nodev", "ro"]},
    {"destination": "/sys/fs/cgroup", "type": "cgroup", "source": "cgroup", "options": ["nosuid", "noexec", "nodev", "ro"]},
    bind("/usr"), bind("/etc"), bind(project), bind(work + "/hello", "/work"),
    bind(work + "/store-" + name, "/store", "rw"), bind(work + "/reports", "/reports", "rw")]
home = os.path.dirname(os.path.dirname(java))
if not home.startswith("/usr/"):
    mounts.append(bind(home))
json.dump({
    "ociVersion": "1.0.2", "root": {"path": "rootfs"}, "hostname": "unprivileged", "mounts": mounts,
    "process": {
        "user": {"uid": 0, "gid": 0}, "args": args, "cwd": "/",
        "env": ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOME=/tmp", "JBUILD_STORE=/store",
                "SOURCE_DATE_EPOCH=1700000000", "JBUILD_NO_REBUILD=1", "JBUILD_JAVA=" + java] +
               [v + "=" + os.environ[v] for v in ("JBUILD_ISOLATION", "JBUILD_ROOTLESS") if os.environ.get(v)],
        "capabilities": {k: caps for k in ("bounding", "effective", "permitted")},
        "rlimits": [{"type": "RLIMIT_NOFILE", "hard": 4096, "soft": 1024}]},
    "linux": {
        "namespaces": [{"type": t} for t in ("pid", "ipc", "uts", "mount")], "seccomp": seccomp,
        "maskedPaths": ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list",
                        "/proc/timer_stats", "/proc/sched_debug", "/proc/scsi", "/sys/firmware"],
        "readonlyPaths": ["/proc/asound", "/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]}},
    open(config, "w"))
END
  runc --root "$WORK/runc" run --bundle "$bundle" "jbuild-$$-$name"
}

export SOURCE_DATE_EPOCH=1700000000
begin "root of this machine builds it"
same_as=$(jbuild build -q -t hello --build-context host=/ "$WORK/hello")

begin "the container has no namespaces to give"
expect 1 container one unshare -U true
expect 1 container one unshare -m true

begin "doctor tries the chroot, and says that builds work"
expect 0 container one "$project/jbuild" doctor
contains "$out" "rung 4 of 5: chroot"
contains "$out" "not higher because user: "
contains "$out" "builds work here"
expect 0 container one "$project/jbuild" info
contains "$out" "rung   chroot"

begin "the same image, and the build says what its walls are"
expect 0 container one "$project/jbuild" build --progress=plain -t hello --build-context host=/ --metadata-file /reports/one /work
same "$out" "$same_as" "image ID"
contains "$err" "walls: chroot only"
contains "$err" "chroot: root has a root directory and no namespaces"
contains "$err" "network: host (a chroot has no other)"
contains "$(cat "$WORK/reports/one")" '"storage" : "copy (a chroot needs a plain directory)"'

begin "it runs there"
expect 0 container one "$project/jbuild" run hello
contains "$out" "Hello from a container"
contains "$out" "user 1000"

begin "two steps share a cache one after the other"
expect 0 container one "$project/jbuild" build --progress=plain -j 4 -f /work/Two /work
contains "$err" "no proc"
case $err in *"uses: one two"* | *"uses: two one"*) ;; *) fail "the cache lost something: $err" ;; esac

begin "whoever wants namespaces is refused"
for wish in --isolation=oci --isolation=rootless --require-rung=single-id --require-rung=full-root; do
  expect 1 container one "$project/jbuild" build "$wish" --build-context host=/ /work
  contains "$err" "this is chroot: root has a root directory and no namespaces"
done
expect 1 container one "$project/jbuild" build --runtime /bin/true --build-context host=/ /work
contains "$err" "--runtime needs namespaces"
expect 0 container one "$project/jbuild" build -q --require-rung=chroot --build-context host=/ /work
same "$out" "$same_as" "image ID"

begin "nothing is left"
same "$(ls "$WORK/store-one/ingest")" "" "ingest/"
