#!/usr/bin/env bash
# Write the version of a Java 17+ runtime into the file $1; Debian's package is installed where root finds none.
set -euo pipefail

java=${JAVA_HOME:+$JAVA_HOME/bin/}java

version() { "$java" -version 2>&1 | sed -n 's/.* version "\([^"]*\)".*/\1/p'; }
new_enough() { [[ "$(version)" =~ ^([0-9]+) ]] && [ "${BASH_REMATCH[1]}" -ge 17 ]; }

install_java() {
  echo "installing a Java runtime with apt-get" >&2
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq >&2
  # A newer Debian no longer has 17; its default runtime is newer.
  apt-get install -y -qq --no-install-recommends openjdk-17-jre-headless >&2 \
    || apt-get install -y -qq --no-install-recommends default-jre-headless >&2
}

if ! new_enough && [ -z "${JAVA_HOME:-}" ] && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
  install_java
fi
if ! new_enough; then
  found=$(version || true)
  echo "Spark needs Java 17 or newer, found ${found:-none} (${java})." >&2
  echo "Install a Java 17 runtime (Debian, Ubuntu: apt-get install openjdk-17-jre-headless; macOS: brew install openjdk@17)" >&2
  echo "and have 'java' on the PATH, or let JAVA_HOME name its folder." >&2
  exit 1
fi
mkdir -p "$(dirname "$1")"
if [ "$(version)" != "$(cat "$1" 2>/dev/null)" ]; then version >"$1"; fi
