#!/usr/bin/env bash
# Builds a Flink job server with Maven, for networks where Beam's ready-made jar cannot be had.
# Prints the jar's path; run a job on it with
#   --runner FlinkRunner --flink_master '[local]' --flink_job_server_jar "$(bash .../build.sh)"
set -euo pipefail
here="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
folder="${XDG_CACHE_HOME:-$HOME/.cache}/beam-synth/flink-job-server"
stamp="$(sha256sum <"$here/pom.xml" | cut -c1-16)"
jar="$folder/$stamp/job-server.jar"
if [ ! -f "$jar" ]; then
  work="$(mktemp -d)"
  trap 'rm -rf "$work"' EXIT
  mvn -B -q -f "$here/pom.xml" dependency:copy-dependencies -DincludeScope=runtime \
    -DoutputDirectory="$work/lib" >&2
  # A manifest of 72-byte lines whose Class-Path names the jars beside it.
  {
    printf 'Manifest-Version: 1.0\nMain-Class: org.apache.beam.runners.flink.FlinkJobServerDriver\n'
    printf 'Class-Path: %s' "$(cd "$work" && printf '%s ' lib/*.jar)" | fold -b -w 70 | sed '2,$s/^/ /'
    printf '\n'
  } >"$work/manifest"
  jar cfm "$work/job-server.jar" "$work/manifest"
  mkdir -p "$folder/$stamp"
  mv "$work/lib" "$folder/$stamp/lib"
  mv "$work/job-server.jar" "$jar"
fi
echo "$jar"
