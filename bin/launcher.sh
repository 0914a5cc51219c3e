# Sourced by the commands beside it: where Java and the class path are, from a checkout (building it
# on first use) or from an unpacked distribution.
# shellcheck shell=bash

home=$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")/.." && pwd)
program=$(basename "$0")
# Of an MPI launcher, see ranks.sh.
ranks_total=1

fail() {
  echo "$program: $*" >&2
  exit 1
}

# Sets java and dist.
find_distribution() {
  if [ -n "${JAVA_HOME:-}" ] && [ -x "$JAVA_HOME/bin/java" ]; then
    java=$JAVA_HOME/bin/java
  else
    java=$(command -v java) || fail "no java found; install a JDK of version 17 or later, or set JAVA_HOME"
  fi
  dist=$home
  if [ ! -d "$dist/lib" ]; then
    dist=$home/job/target/dlio-flink-dist
    [ -d "$dist/lib" ] || build
  fi
}

build() {
  local log
  # Each host would build, all at once and in the same folder.
  [ "$ranks_total" -eq 1 ] || fail "not built yet; run $home/bin/dlio-flink --version once first"
  command -v mvn >/dev/null || fail "not built yet, and no mvn found; install Maven 3.8 or later"
  echo "$program: first use, building (a few minutes) ..." >&2
  log=$(mktemp)
  if ! (cd "$home" && mvn -B -DskipTests -pl job -am package) >"$log" 2>&1; then
    tail -n 40 "$log" >&2
    fail "the build failed; the whole log is in $log"
  fi
  rm -f "$log"
}

# Sets java_command to what runs the class $1; its arguments are to follow.
java_command_of() {
  find_distribution
  # A launcher of ranks may give a terminal of its own and pass the output on line by line.
  local terminal=false
  [ -t 1 ] && [ "$ranks_total" -eq 1 ] && terminal=true
  # File names beyond ASCII need a UTF-8 locale; Java takes the encoding of names from it.
  case "${LC_ALL:-${LC_CTYPE:-${LANG:-}}}" in
    *[Uu][Tt][Ff]*) ;;
    *) export LC_ALL=C.UTF-8 ;;
  esac
  # shellcheck disable=SC2206 # options are words
  java_command=("$java"
    --add-opens=java.base/java.lang=ALL-UNNAMED
    --add-opens=java.base/java.util=ALL-UNNAMED
    --add-opens=java.base/java.util.concurrent=ALL-UNNAMED
    --add-opens=java.base/java.nio=ALL-UNNAMED
    --add-opens=java.base/sun.nio.ch=ALL-UNNAMED
    -Dlog4j2.configurationFile=classpath:dlio-flink-log4j2.xml
    -Ddlio-flink.terminal="$terminal"
    -Ddlio-flink.job.jar="$dist/job/dlio-flink-job.jar"
    ${DLIO_FLINK_JAVA_OPTS:-}
    -cp "$dist/lib/*"
    "$1")
}
