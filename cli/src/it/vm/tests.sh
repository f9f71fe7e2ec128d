#!/usr/bin/env bash
# What only a machine with control groups of version 2 can show, in a virtual machine with Debian's kernel:
# the tests of linux, overlay and isolation, and the acceptance scripts that are about RUN.
#
#   cli/src/it/vm/tests.sh [TEST...]      class names as surefire takes them; "scripts" for the scripts alone
#
# Without /dev/kvm the machine is emulated: allow ten minutes.
set -euo pipefail
here=$(dirname "$(readlink -f "$0")")
cd "$here/../../../.."
export JBUILD_NO_REBUILD=1

if [ "${1:-}" != scripts ]; then
  mvn -B -q -ntp -Pquick -DskipTests test-compile -pl linux,overlay,isolation -am
  "$here/run.sh" env JAVA_TOOL_OPTIONS=-Djava.io.tmpdir=/mnt/tmp mvn -B -o -ntp -Pquick test -pl linux,overlay,isolation -am \
    -Dsurefire.failIfNoSpecifiedTests=false ${1:+"-Dtest=$(IFS=,; echo "$*")"}
fi
if [ $# -eq 0 ] || [ "$1" = scripts ]; then
  ./jbuild version >/dev/null
  for script in hello isolation; do
    "$here/run.sh" sh "cli/src/it/$script.sh"
  done
fi
