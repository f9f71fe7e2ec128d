#!/bin/sh
# A static program tries, row by row, what a sandbox has to refuse: in RUN steps and in jbuild run, as root and as an
# ordinary user. Prints a table of rows and outcomes, and fails when one differs.
. "$(dirname -- "$0")/lib.sh"
need gcc timeout setpriv newuidmap unshare
"$it/test-users.sh"
user_launcher
user=jbuild-test
mkdir "$WORK/$user"
chown "$user:" "$WORK/$user"

# with nothing of root's around it; a program, so that timeout can run it
cat >"$WORK/as" <<END
#!/bin/sh
exec setpriv --reuid $user --regid $user --init-groups env -i PATH="$PATH" HOME="$WORK/$user" XDG_RUNTIME_DIR= \\
  JAVA_HOME="${JAVA_HOME:-}" JBUILD_NO_REBUILD=1 "\$@"
END
chmod 755 "$WORK/as"

begin "the probe is built"
context=$WORK/context
mkdir -p "$context/root/tmp" "$context/root/etc" "$context/root/litter"
gcc -static -O1 -o "$context/root/probe" "$project/testdata/probes/probe.c"
echo /no/such/library.so >"$context/root/etc/ld.so.preload"
printf 'root:x:0:0::/:/probe\nsomebody:x:1000:1000::/:/probe\n' >"$context/root/etc/passwd"
ln -s /proc/self/exe "$context/root/self"
printf '#!/proc/self/exe all\n' >"$context/root/script"
chmod 755 "$context/root/script"
chmod 1777 "$context/root/tmp" "$context/root/litter"
cat >"$context/Buildfile" <<'END'
FROM scratch AS base
COPY root /

FROM base AS run-root
RUN ["/probe", "all"]

FROM base AS run-user
USER somebody
RUN ["/probe", "all"]

FROM base AS daemon
RUN ["/probe", "daemon"]

FROM base AS self
RUN ["/self", "all"]

FROM base AS script
RUN ["/script"]

FROM base AS litter
RUN ["/probe", "litter"]
END
chmod -R a+rX "$context/Buildfile"
chmod 755 "$context"

# rows COLUMN TEXT: keeps the lines of the probe in $WORK/rows.COLUMN
rows() {
  printf '%s\n' "$2" | sed -n 's/^.*\(\(E[0-9][0-9]\|baseline\) \(pass\|skip\|FAIL.*\)\)$/\1/p' | awk '!old[$0]++' >"$WORK/rows.$1"
  [ "$(wc -l <"$WORK/rows.$1")" -eq 24 ] || fail "$1: not 24 rows in: $2"
}

# set_row COLUMN ROW pass|WORDS: an outcome that the probe alone cannot tell
set_row() {
  echo "$2 $3" >>"$WORK/rows.$1"
}

columns=
for who in root "$user"; do
  jb=$JBUILD
  if [ "$who" != root ]; then
    jb="$WORK/as $launcher"
  fi
  columns="$columns RUN.$who RUN.uid1000.$who run.$who"

  begin "RUN, as $who"
  for target in run-root run-user; do
    set +e
    err=$($jb build --progress=plain --no-cache --network=none --target "$target" "$context" 2>&1)
    set -e
    column=RUN.$who
    [ "$target" = run-user ] && column=RUN.uid1000.$who
    rows "$column" "$err"
  done

  begin "jbuild run, as $who"
  $jb build --quiet --target base -t probes "$context" >/dev/null
  set +e
  out=$($jb run --network=none probes /probe all </dev/null 2>&1)
  set -e
  rows "run.$who" "$out"

  begin "a command that leads to what starts it runs nothing of the machine, as $who"
  for command in self script; do
    set +e
    out=$($jb run --network=none probes "/$command" all </dev/null 2>&1)
    code=$?
    $jb build --quiet --network=none --no-cache --target "$command" "$context" >/dev/null 2>&1
    built=$?
    set -e
    outcome=pass
    [ "$code" = 127 ] && [ "$built" != 0 ] || outcome="FAIL /$command: exit codes $code and $built: $out"
    set_row "run.$who" "E01-$command" "$outcome"
  done

  begin "a daemon does not keep its step, as $who"
  set +e
  timeout 60 $jb build --quiet --network=none --no-cache --target daemon "$context" >/dev/null 2>&1
  code=$?
  set -e
  outcome=pass
  [ "$code" = 0 ] || outcome="FAIL exit code $code"
  set_row "RUN.$who" E24 "$outcome"

  begin "litter is refused or left out, as $who"
  set +e
  $jb build --quiet --network=none --no-cache --target litter -t litter "$context" >"$WORK/litter" 2>&1
  code=$?
  set -e
  outcome=pass
  if [ "$code" = 0 ]; then
    $jb save litter 2>/dev/null >"$WORK/litter.tar" || true
    names=$(mkdir -p "$WORK/l.$who"; tar -C "$WORK/l.$who" -xf "$WORK/litter.tar" 2>/dev/null
      for blob in $(find "$WORK/l.$who" -type f -size +1k); do tar -tf "$blob" 2>/dev/null || true; done)
    case $names in *.wh.victim*) outcome="FAIL a whiteout came into the layer" ;; esac
  else
    grep -q '\.wh\.' "$WORK/litter" || outcome="FAIL $(cat "$WORK/litter")"
  fi
  set_row "RUN.$who" E26-litter "$outcome"
done

begin "what was tried, and what came of it"
{
  printf '%-12s' row
  for column in $columns; do printf ' %-24s' "$column"; done
  echo
  for row in $(cat "$WORK"/rows.* | cut -d' ' -f1 | sort -u); do
    printf '%-12s' "$row"
    for column in $columns; do
      printf ' %-24s' "$(sed -n "s/^$row //p" "$WORK/rows.$column" | head -1 | cut -c1-24)"
    done
    echo
  done
} >"$WORK/table"
cat "$WORK/table"
if grep -h FAIL "$WORK"/rows.*; then
  fail "rows differ"
fi
