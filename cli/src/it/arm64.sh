#!/bin/sh
# One build for linux/amd64 and linux/arm64, its RUN under qemu, pushed as an index and read back by another tool.
#
# The handler for arm64 programs is registered in a mount namespace of the script's own. It counts for the whole machine as
# long as that lives, and is taken back at the end.
if [ -z "${JBUILD_IN_NAMESPACE:-}" ]; then
  JBUILD_IN_NAMESPACE=1 exec unshare -m sh "$0" "$@"
fi
. "$(dirname -- "$0")/lib.sh"
need aarch64-linux-gnu-gcc gcc qemu-aarch64-static skopeo
[ "$(uname -m)" = x86_64 ] || {
  echo "SKIPPED: ${0##*/} emulates arm64 on an amd64 machine"
  exit 77
}

misc=/proc/sys/fs/binfmt_misc
handler=
unregister() {
  [ -z "$handler" ] || echo -1 >"$misc/$handler"
  handler=
}
trap 'code=$?; unregister; (exit $code); finish' EXIT

# register: unless arm64 programs run already
register() {
  if "$WORK/context/tool-arm64" >/dev/null 2>&1; then return; fi
  handler=jbuild-arm64-$$
  magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
  mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
  { [ -e "$misc/register" ] || mount -t binfmt_misc none "$misc"; } &&
    printf '%s' ":$handler:M::$magic:$mask:$(command -v qemu-aarch64-static):F" >"$misc/register" || {
    handler=
    echo "SKIPPED: ${0##*/} cannot register a handler in $misc"
    exit 77
  }
}

context=$WORK/context
mkdir "$context"
cat >"$context/tool.c" <<'C'
#include <stdio.h>
#include <sys/utsname.h>

/* Writes the machine that it runs on to the file that it is given. */
int main(int count, char **words) {
  struct utsname name;
  uname(&name);
  printf("runs as %s\n", name.machine);
  FILE *out = count > 1 ? fopen(words[1], "w") : NULL;
  if (count > 1 && out == NULL) {
    perror(words[1]);
    return 1;
  }
  return out == NULL ? 0 : fprintf(out, "%s\n", name.machine) < 0 || fclose(out) != 0;
}
C
gcc -static -O1 -o "$context/tool-amd64" "$context/tool.c"
aarch64-linux-gnu-gcc -static -O1 -o "$context/tool-arm64" "$context/tool.c"
register
start_registry
both=linux/amd64,linux/arm64

begin "a base for two platforms"
printf 'FROM scratch\nARG TARGETARCH\nCOPY tool-$TARGETARCH /bin/tool\n' >"$context/Base"
jbuild build -q --platform $both -f "$context/Base" -t "$registry/base" --push "$context" >/dev/null

begin "RUN runs on both, and what is built on the build platform once"
cat >"$context/Buildfile" <<'BUILDFILE'
ARG REGISTRY=localhost
FROM --platform=$BUILDPLATFORM $REGISTRY/base AS build
RUN ["/bin/tool", "/machine"]
FROM $REGISTRY/base
COPY --from=build /machine /built-on
RUN ["/bin/tool", "/machine"]
CMD ["/bin/tool"]
BUILDFILE
JBUILD_STORE=$WORK/second
jbuild build --progress=plain --platform $both --build-arg "REGISTRY=$registry" -t "$registry/app:1" --push \
  "$context" 2>"$WORK/log" >"$WORK/ids" || fail "$(cat "$WORK/log")"
same "$(wc -l <"$WORK/ids")" 2 "image IDs"
same "$(grep -c 'runs as aarch64' "$WORK/log")" 1 "steps under qemu"
same "$(grep -c 'runs as x86_64' "$WORK/log")" 2 "steps of this machine"
contains "$(cat "$WORK/log")" "[linux/arm64 stage-1 3/3] RUN"
contains "$(cat "$WORK/log")" "[linux/amd64->arm64 build 2/2] RUN"

begin "the registry has an index, in the order asked for"
skopeo inspect --raw --tls-verify=false "docker://$registry/app:1" >"$WORK/index"
contains "$(cat "$WORK/index")" "application/vnd.oci.image.index.v1+json"
same "$(grep -o '"architecture":"[a-z0-9]*"' "$WORK/index" | tr '\n' ' ')" \
  '"architecture":"amd64" "architecture":"arm64" ' platforms
for arch in amd64 arm64; do
  config=$(skopeo inspect --config --tls-verify=false --override-os linux --override-arch $arch "docker://$registry/app:1")
  contains "$config" "\"architecture\": \"$arch\""
done

begin "pulled whole, it is pushed and saved with the same digest"
JBUILD_STORE=$WORK/third
digest=sha256:$(sha256sum <"$WORK/index" | cut -d' ' -f1)
jbuild pull -q --all-platforms "$registry/app:1" >"$WORK/pulled"
same "$(cat "$WORK/pulled")" "$(cat "$WORK/ids")" "image IDs"
same "$(jbuild push -q "$registry/app:1")" "$digest" "index pushed again"
same "$(jbuild push -q "$registry/app:1" "$registry/copy:1")" "$digest" "index under another name"
jbuild save -o "$WORK/app.tar" "$registry/app:1"
same "sha256:$(skopeo inspect --raw "oci-archive:$WORK/app.tar" | sha256sum | cut -d' ' -f1)" "$digest" "index in an archive"
contains "$(jbuild images)" "linux/arm64"

begin "run takes the platform that it is told"
contains "$(jbuild run "$registry/app:1")" "runs as x86_64"
contains "$(jbuild run --platform linux/arm64 "$registry/app:1")" "runs as aarch64"

begin "a directory for each platform"
jbuild build -q --platform $both --build-arg "REGISTRY=$registry" -o "$WORK/trees" "$context" >/dev/null
same "$(cat "$WORK/trees/linux_arm64/machine") $(cat "$WORK/trees/linux_arm64/built-on")" "aarch64 x86_64" machines
same "$(cat "$WORK/trees/linux_amd64/machine")" x86_64 machine

begin "without a handler one error says what is missing"
# the same program with the number of another processor, which nobody here has a handler for
if [ -e "$misc/register" ] && ! grep -qs 7f454c46020101000000000000000000....f300 "$misc"/*; then
  cp "$context/tool-arm64" "$context/tool-riscv64"
  printf '\363' | dd of="$context/tool-riscv64" bs=1 seek=18 conv=notrunc status=none
  jbuild build -q --platform linux/riscv64 -f "$context/Base" -t foreign "$context" >/dev/null
  expect 1 jbuild run foreign /bin/tool
  contains "$err" "binfmt_misc has no handler"
  contains "$err" "apt-get install qemu-user-static"
  printf 'FROM foreign\nRUN ["/bin/tool"]\n' >"$context/Foreign"
  expect 1 jbuild build --platform linux/riscv64 -f "$context/Foreign" -t failed "$context"
  contains "$err" "Foreign:2: programs for linux/riscv64 do not run on this machine (linux/amd64)"
  expect 1 jbuild inspect failed
fi
