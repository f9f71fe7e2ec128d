#!/bin/sh
# Makes the users that the tests without root's rights run as, where they are missing:
# jbuild-test has ranges of sub-ids, jbuild-single has none.
set -eu

[ "$(id -u)" = 0 ] || { echo "test-users.sh: only root makes users" >&2; exit 1; }

for user in jbuild-test jbuild-single; do
  id "$user" >/dev/null 2>&1 || useradd -m -s /bin/bash "$user"
done
# useradd gives ranges to everyone where login.defs says so, so the one is given and the others taken.
for file in /etc/subuid /etc/subgid; do
  touch "$file"
  sed -i '/^jbuild-single:/d' "$file"
  grep -q '^jbuild-test:' "$file" || {
    first=$(awk -F: 'BEGIN { end = 100000 } $2 + $3 > end { end = $2 + $3 } END { print end }' "$file")
    echo "jbuild-test:$first:65536" >>"$file"
  }
done
