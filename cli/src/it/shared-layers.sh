#!/bin/sh
# Two images that share layers a, b and differ in c, d: each exists once in the store and in the registry.
. "$(dirname -- "$0")/lib.sh"
start_registry
context=$WORK/context
mkdir "$context"
for name in a b c d; do
  head -c 300000 /dev/urandom | base64 >"$context/$name"
done
printf 'FROM scratch\nCOPY a /a\nCOPY b /b\nCOPY c /c\n' >"$context/abc"
printf 'FROM scratch\nCOPY a /a\nCOPY b /b\nCOPY d /d\n' >"$context/abd"

begin "each of a, b, c, d exists once in the store"
jbuild build -q -f "$context/abc" -t "$registry/shared/abc:1" "$context" >/dev/null
jbuild build -q -f "$context/abd" -t "$registry/shared/abd:1" "$context" >/dev/null
for name in a b c d; do
  same "$(find "$JBUILD_STORE" -type f -path '*/fs/*' -name "$name" | wc -l)" 1 "copies of $name"
done
same "$(find "$JBUILD_STORE/layers" -type d -name fs | wc -l)" 4 "layers"

begin "the registry receives a and b once"
jbuild push -q "$registry/shared/abc:1" >/dev/null
blobs=$(find "$WORK/registry" -path '*/blobs/*' -name data | wc -l)
size=$(du -sb "$WORK/registry/docker/registry/v2/blobs" | cut -f1)
jbuild push -q "$registry/shared/abd:1" >/dev/null
more=$(($(find "$WORK/registry" -path '*/blobs/*' -name data | wc -l) - blobs))
same "$more" 3 "new blobs of the second image (layer d, config, manifest)"
grown=$(($(du -sb "$WORK/registry/docker/registry/v2/blobs" | cut -f1) - size))
[ "$grown" -lt 450000 ] || fail "the second push sent $grown bytes, more than layer d has"
# mounted from the first repository, or uploaded again and found to be there? The upload log tells.
uploads=$(find "$WORK/registry" -path '*abd/_uploads/*' -name data | wc -l)
same "$uploads" 0 "unfinished uploads"
