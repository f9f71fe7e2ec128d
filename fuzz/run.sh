#!/bin/sh
# Fuzzes the parsers with Jazzer: a number of minutes for each target.
# usage: fuzz/run.sh [MINUTES [TARGET...]]        default: 10 minutes, all targets, one after the other
# What is found (crash-*, timeout-*) and what was learned (corpus/) stays in fuzz/target/TARGET/.
set -eu
minutes=${1:-10}
[ $# -eq 0 ] || shift
here=$(dirname -- "$(readlink -f -- "$0")")
targets=${*:-buildfile extended expansion substitution ignore reference git mount json values options}
[ -n "${FUZZ_BUILT:-}" ] ||
  mvn -B -q -f "$here/../pom.xml" -Pquick,fuzz -pl fuzz -am -Dmaven.test.skip package
found=0
for target in $targets; do
  work="$here/target/$target"
  mkdir -p "$work/seeds" "$work/corpus"
  java -cp "$here/target/classes:$here/target/lib/*" io.jbuild.fuzz.Seeds "$target" "$here" "$work/seeds"
  # 10 s by the clock of a busy machine; the target itself allows 2 s of processor time
  java -Xmx1g -XX:+UseSerialGC -cp "$here/target/classes:$here/target/lib/*" \
    com.code_intelligence.jazzer.Jazzer \
    --target_class=io.jbuild.fuzz.Fuzz --target_args="$target" \
    --instrumentation_includes='io.jbuild.builder.**:io.jbuild.oci.**:io.jbuild.cli.**' \
    --instrumentation_excludes='io.jbuild.fuzz.**:io.jbuild.cli.OptionsTarget' \
    --custom_hook_includes='io.jbuild.**' \
    --reproducer_path="$work" \
    -dict="$here/seeds/dictionary" -artifact_prefix="$work/" -print_final_stats=1 \
    -max_len=4096 -timeout=10 -max_total_time=${FUZZ_SECONDS:-$((minutes * 60))} \
    "$work/corpus" "$work/seeds" >"$work/log" 2>&1 || { found=1; echo "$target: see $work/log"; }
  grep -aE 'stat::number_of_executed_units' "$work/log" | sed "s/^/$target: /"
  grep -aE 'cov: ' "$work/log" | tail -1 | sed "s/^/$target: /"
done
exit $found
