#!/bin/sh
# jbuild's own language: the example builds and runs, and its plain form gives the same image.
. "$(dirname -- "$0")/lib.sh"
need python3
cp -r "$project/Buildfile.examples/language" "$WORK/language"

config() {
  jbuild inspect --raw "$1" | python3 -c 'import json, sys; print(json.dumps(json.load(sys.stdin)["config"], sort_keys=True))'
}

begin "the example builds and runs"
jbuild -q -t language-base -f "$WORK/language/base.Buildfile" --build-context host=/ "$WORK/language" >/dev/null
first=$(jbuild -t language --progress=plain "$WORK/language" 2>"$WORK/log")
said=$(jbuild run language)
contains "$said" "== A poem of 4 lines"
contains "$said" "A poem, lines: 4"
absent "$(jbuild inspect --raw language)" "EDITOR=vi\""

begin "a second build takes everything from the cache, the computed value too"
same "$first" "$(jbuild -t language --progress=plain "$WORK/language" 2>"$WORK/log")" "image ID"
same "$(grep -c ' cached$' "$WORK/log")" "$(grep -c '^#[0-9]* \[' "$WORK/log")" "cached steps"

begin "the plain form builds the same"
jbuild transpile -o "$WORK/Dockerfile" "$WORK/language"
expect 1 jbuild -f "$WORK/Dockerfile" "$WORK/language"
contains "$err" "give it by --build-arg"
jbuild -q -t plain -f "$WORK/Dockerfile" --build-arg LINES=4 "$WORK/language" >/dev/null
same "$said" "$(jbuild run plain)" "output"
same "$(config language)" "$(config plain)" "settings"
for each in language plain; do
  printf 'FROM %s\n' "$each" | jbuild -q -o "type=tar,dest=$WORK/$each.tar" - >/dev/null
  tar -tf "$WORK/$each.tar" | sort >"$WORK/$each.list"
done
same "$(cat "$WORK/language.list")" "$(cat "$WORK/plain.list")" "files"

begin "mistakes are told with the file that they are in"
echo 'COPY --form=x a b' >>"$WORK/language/parts/section.inc"
expect 1 jbuild "$WORK/language"
contains "$err" "parts/section.inc:"
contains "$err" "included by Buildfile:"
contains "$err" "did you mean --from?"
expect 1 jbuild check "$WORK/language"
expect 1 jbuild transpile -o "$WORK/never" "$WORK/language"
[ ! -e "$WORK/never" ] || fail "a failed transpile wrote its file"

begin "without the directive the words are unknown"
printf 'FROM scratch\nINCLUDE x\n' >"$WORK/words"
expect 1 jbuild -f "$WORK/words" "$WORK/language"
contains "$err" "unknown instruction: INCLUDE"
contains "$err" "# syntax=jbuild/1"
