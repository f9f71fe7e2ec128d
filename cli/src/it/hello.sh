#!/bin/sh
# The first example: builds, runs, is answered by the cache, and reruns exactly what a change touches.
. "$(dirname -- "$0")/lib.sh"
cp -r "$project/Buildfile.examples/hello" "$WORK/hello"

build() {
  jbuild -t hello --build-context host=/ --progress=plain "$@" "$WORK/hello" 2>"$WORK/log"
}

begin "hello builds and runs"
first=$(build)
said=$(jbuild run hello)
contains "$said" "Hello from a container: PID 1 on host"
contains "$said" "user 1000"
contains "$said" "built as PID 1 on host"
absent "$said" "on host $(hostname),"

begin "a second build runs no step and gives the same ID"
second=$(build)
same "$first" "$second" "image ID"
same "$(grep -c ' cached$' "$WORK/log")" "$(grep -c '^#[0-9]* \[' "$WORK/log")" "cached steps"

begin "a change in one copied file reruns exactly the steps after it"
echo 'echo changed' >>"$WORK/hello/hello.sh"
third=$(build)
[ "$third" != "$first" ] || fail "the change changed nothing"
contains "$(jbuild run hello)" "changed"
grep -A1 'RUN echo' "$WORK/log" | grep -q cached || fail "the RUN before the COPY ran again"
grep -A1 'COPY --chmod=755 hello.sh' "$WORK/log" | grep -q cached && fail "the changed COPY came from the cache"

begin "without the cache the result is the same"
cp "$project/Buildfile.examples/hello/hello.sh" "$WORK/hello/hello.sh"
touch -r "$project/Buildfile.examples/hello/hello.sh" "$WORK/hello/hello.sh"
export SOURCE_DATE_EPOCH=1700000000
fourth=$(build --no-cache)
fifth=$(build --no-cache)
same "$fourth" "$fifth" "image ID of two clean builds"
