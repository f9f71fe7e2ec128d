#!/bin/sh
# Hostile Buildfiles, contexts and roots: each ends as it should, and nothing outside is touched.
. "$(dirname -- "$0")/lib.sh"
busybox_base base
host=$WORK/host
mkdir -p "$host/dir"
echo SENTINEL >"$host/file"
echo SENTINEL >"$host/dir/hosts"
ln "$host/file" "$host/second"
setfattr -n user.mark -v yes "$host/file" 2>/dev/null || true
touch -d @1000000000 "$host/file" "$host/dir/hosts" "$host/dir" "$host"

fingerprint() {
  find "$host" -printf '%p %y %m %U:%G %s %T@ %n %l\n' | sort
  find "$host" -type f -exec sha256sum {} + | sort
  getfattr -R -d --absolute-names "$host" 2>/dev/null || true
}
before=$(fingerprint)
context=$WORK/context

# hostile ROW CODE PART: builds the Buildfile of standard input, wants the exit code, PART in what is said, no content of the host's
hostile() {
  begin "$1"
  rm -rf "$context.built"
  cat >"$context/Buildfile"
  expect "$2" timeout 60 $JBUILD build --progress=plain --network=none --no-cache -o "type=local,dest=$context.built" "$context"
  contains "$err" "$3"
  absent "$err" SENTINEL
  if grep -rq SENTINEL "$context.built" 2>/dev/null; then fail "content of the host is in the image"; fi
  same "$(fingerprint)" "$before" "the host"
}

mkdir "$context"
ln -s "$host" "$context/out"
ln -s "$host/file" "$context/link"
ln -s ../../../../../../../../etc "$context/up"
mkfifo "$context/fifo"
echo fine >"$context/plain"

hostile "D01 COPY of a link that leads out" 1 "followed inside of it only" <<'END'
FROM base
COPY link /link
END
hostile "D01 COPY of what has links copies the links" 0 "" <<'END'
FROM base
COPY --exclude=fifo . /all
END
hostile "D01 COPY through a directory that is a link" 1 "is not in the build context" <<'END'
FROM base
COPY out/file /x
END
hostile "D01 COPY of a pattern through a link finds nothing" 0 "" <<'END'
FROM base
COPY out/f* /x
END
hostile "D01 COPY of .." 1 "is not in the build context" <<END
FROM base
COPY ../host/file /x
END
hostile "D06 COPY from a stage through a link" 1 "is not in stage" <<END
FROM base AS a
RUN ln -s $host /out
FROM base
COPY --from=a /out/file /x
END
hostile "D07 a destination through a link of the image stays in the image" 0 "" <<END
FROM base
RUN ln -s $host /out
COPY plain /out/plain
WORKDIR /out/work
VOLUME /out/dir
END
hostile "D08 a bind of a stage's link" 1 "" <<END
FROM base AS a
RUN ln -s $host /out
FROM base
RUN --mount=type=bind,from=a,source=/out,target=/m cat /m/file
END
hostile "D09 a cache named and taken from above" 0 "" <<'END'
FROM base
RUN --mount=type=cache,id=../../..,target=/c touch /c/x
END
hostile "D10 an option of mounts that is not known" 1 "bind-propagation" <<'END'
FROM base
RUN --mount=type=bind,target=/m,bind-propagation=shared true
END
for target in / /proc /proc/self /sys /dev/null; do
  hostile "D11 a mount on $target" 1 "$target" <<END
FROM base
RUN --mount=type=tmpfs,target=$target true
END
done
hostile "D12 the directory of a mount point swapped for a link" 0 "" <<END
FROM base
RUN --mount=type=bind,source=plain,target=/opt/a/file mv /opt /moved && ln -s $host /opt
END
hostile "D13 a frontend is not run" 1 "other frontends are not run" <<'END'
# syntax=evil.invalid/frontend:1
FROM base
END
hostile "D15 security that was not allowed" 1 "security.insecure" <<'END'
FROM base
RUN --security=insecure true
END
hostile "D15 security that is not known" 1 "sandbox" <<'END'
FROM base
RUN --security=none true
END
hostile "D15 a network that is not known" 1 "network" <<'END'
FROM base
RUN --network=hosts true
END
hostile "D16 a cycle of stages" 1 "" <<'END'
FROM b AS a
FROM base AS b
COPY --from=c / /
FROM base AS c
COPY --from=b / /
END
hostile "D17 a FIFO is copied, and nobody opens it" 0 "" <<'END'
FROM base
COPY fifo /fifo
END
for place in dev proc sys etc run tmp; do
  rm -rf "$WORK/bb/$place"
  ln -s "$host/dir" "$WORK/bb/$place"
  tar -C "$WORK/bb" --owner=0 --group=0 -cf "$WORK/linked.tar" .
  jbuild import "$WORK/linked.tar" linked >/dev/null
  rm "$WORK/bb/$place"
  mkdir "$WORK/bb/$place"
  case $place in
    dev | proc | sys) code=1 said="\"/$place\" of the root is not a directory" ;;
    *) code=0 said= ;;
  esac
  hostile "E04 /$place that is a link" "$code" "$said" <<END
FROM linked
RUN cat /$place/hosts; echo x > /$place/file; true
END
done

for kind in fifo zero large link; do
  rm -rf "$WORK/bb/etc"
  mkdir "$WORK/bb/etc"
  case $kind in
    fifo) mkfifo "$WORK/bb/etc/passwd" ;;
    zero) ln -s /dev/zero "$WORK/bb/etc/passwd" ;;
    large) truncate -s 64M "$WORK/bb/etc/passwd" ;;
    link) ln -s "$host/file" "$WORK/bb/etc/passwd" ;;
  esac
  tar -C "$WORK/bb" --owner=0 --group=0 -cf "$WORK/linked.tar" .
  jbuild import "$WORK/linked.tar" linked >/dev/null
  hostile "E15 /etc/passwd: $kind" 1 "passwd" <<END
FROM linked
USER somebody
RUN true
END
done
