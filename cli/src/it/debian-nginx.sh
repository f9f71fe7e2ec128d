#!/bin/sh
# A Debian base made by debootstrap, a real apt-get install, a real registry, real readers of the image.
# DEBIAN_TAR names a root tarball that is there already; else debootstrap makes one (some minutes).
. "$(dirname -- "$0")/lib.sh"
need skopeo podman umoci runc debootstrap
start_registry
examples=$project/Buildfile.examples
image=$registry/examples/nginx:1

begin "the base"
if [ -n "${DEBIAN_TAR:-}" ]; then
  jbuild import -c 'CMD ["bash"]' "$DEBIAN_TAR" debian:bookworm >/dev/null
else
  JBUILD=$JBUILD "$examples/make-debian-base" debian:bookworm
fi

begin "debian-nginx builds with a real apt-get install in an isolated RUN"
id=$(jbuild build --progress=plain -t "$image" "$examples/debian-nginx" 2>"$WORK/build.log") || {
  tail -50 "$WORK/build.log" >&2
  fail "the build failed"
}
grep -q 'Setting up nginx' "$WORK/build.log" || fail "apt-get installed nothing"

begin "it is pushed to a registry, and skopeo reads it"
jbuild push -q "$image" >/dev/null
inspected=$(skopeo inspect --tls-verify=false "docker://$image")
contains "$inspected" '"Os": "linux"'
config=$(skopeo inspect --tls-verify=false --config --raw "docker://$image" | sha256sum | cut -d' ' -f1)
same "sha256:$config" "$id" "image ID in the registry"

answers() {
  curl -fs http://127.0.0.1:8080/healthz | grep -q ok
}
if answers; then fail "something listens on 127.0.0.1:8080 already"; fi
begin "umoci unpacks it, runc starts it, and nginx answers"
skopeo copy -q --src-tls-verify=false "docker://$image" "oci:$WORK/layout:1"
umoci unpack --image "$WORK/layout:1" "$WORK/bundle" >/dev/null
# runc runs in the host's network here, as podman would with --network host
python3 - "$WORK/bundle/config.json" <<'PY'
import json, sys
path = sys.argv[1]
config = json.load(open(path))
config["process"]["terminal"] = False
config["linux"]["namespaces"] = [n for n in config["linux"]["namespaces"] if n["type"] not in ("network", "cgroup")]
config["linux"].get("resources", {}).clear()
config["mounts"] = [m for m in config["mounts"] if m["type"] != "cgroup"]
caps = ["CAP_CHOWN", "CAP_SETUID", "CAP_SETGID", "CAP_NET_BIND_SERVICE", "CAP_DAC_OVERRIDE", "CAP_KILL"]
for kind in ("bounding", "effective", "permitted"):
    config["process"]["capabilities"][kind] = caps
for kind in ("inheritable", "ambient"):
    config["process"]["capabilities"][kind] = []
json.dump(config, open(path, "w"))
PY
name=jbuild-it-$$
runc run --bundle "$WORK/bundle" "$name" >"$WORK/runc.log" 2>&1 </dev/null &
runc=$!
pids="$pids $runc"
wait_for 20 answers
runc kill "$name" KILL
wait "$runc" 2>/dev/null || true

begin "podman runs it, and nginx answers"
export CONTAINERS_STORAGE_CONF=$WORK/storage.conf
printf '[storage]\ndriver = "vfs"\ngraphroot = "%s/podman"\nrunroot = "%s/podman-run"\n' "$WORK" "$WORK" >"$CONTAINERS_STORAGE_CONF"
if podman --runtime runc --cgroup-manager cgroupfs run -d --name "$name" --ulimit nofile=1024:1024 --ulimit nproc=1000:1000 --network host --tls-verify=false "$image" >"$WORK/podman.log" 2>&1; then
  wait_for 20 answers
  podman rm -f -t 0 "$name" >/dev/null
else
  echo "   podman does not start containers on this machine: $(tail -1 "$WORK/podman.log")"
fi

begin "jbuild pull into an empty store gives the same ID, and jbuild run starts it"
export JBUILD_STORE=$WORK/other
same "$(jbuild pull -q "$image")" "$id" "image ID after the pull"
# shellcheck disable=SC2086 # a command of several words; not the function, so that $! is the program
$JBUILD run --network=host "$image" >"$WORK/run.log" 2>&1 </dev/null &
running=$!
pids="$pids $running"
wait_for 30 answers
kill -TERM "$running"
wait "$running" 2>/dev/null || true
if answers; then fail "nginx lives on after the end of jbuild run"; fi

begin "an ordinary user's build of it has the image ID of root's"
export JBUILD_STORE=$WORK/store SOURCE_DATE_EPOCH=1700000000
"$it/test-users.sh"
user_launcher
user=jbuild-test
mkdir "$WORK/home"
jbuild save debian:bookworm >"$WORK/home/base.tar"
cp -R "$examples/debian-nginx" "$WORK/home/context"
chown -R "$user:" "$WORK/home"
# a program, so that $! is its number
cat >"$WORK/as_user" <<END
#!/bin/sh
exec setpriv --reuid $user --regid $user --init-groups env -i PATH="$PATH" HOME="$WORK/home" XDG_RUNTIME_DIR= \\
  JAVA_HOME="${JAVA_HOME:-}" JBUILD_NO_REBUILD=1 SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH $launcher "\$@"
END
chmod 755 "$WORK/as_user"
root=$(jbuild build -q --no-cache --network=host "$examples/debian-nginx")
"$WORK/as_user" load "$WORK/home/base.tar" >/dev/null
same "$("$WORK/as_user" build -q --no-cache --network=host -t nginx "$WORK/home/context")" "$root" "image ID of the user"
"$WORK/as_user" run --network=host nginx >"$WORK/run.log" 2>&1 </dev/null &
running=$!
pids="$pids $running"
wait_for 30 answers
kill -TERM "$running"
wait "$running" 2>/dev/null || true
if answers; then fail "nginx lives on after the end of the user's jbuild run"; fi
