# Sourced by ./build and ./kalamos: `find_jdk NAME` sets JDK (its folder) and JDK_VERSION, or explains
# on standard error why there is none and returns 1. Only shell builtins run until one is found.

jdk_wanted=25

# Reads JDK_VERSION out of the `release` file of the folder $1; true when it is a JDK and new enough.
is_jdk() {
  JDK_VERSION=
  [ -r "$1/release" ] || return 1
  while IFS= read -r line || [ -n "$line" ]; do
    case $line in
      JAVA_VERSION=*)
        JDK_VERSION=${line#*=}
        JDK_VERSION=${JDK_VERSION#\"}
        JDK_VERSION=${JDK_VERSION%%\"*}
        ;;
    esac
  done <"$1/release"
  major=${JDK_VERSION%%[!0-9]*}
  [ "${major:-0}" -ge $jdk_wanted ] && [ -x "$1/bin/java" ] && [ -x "$1/bin/javac" ]
}

# Takes the folder $1 if it is right, else notes what it was.
try_jdk() {
  [ -d "$1" ] || return 1
  if is_jdk "$1"; then
    JDK=$1
    return 0
  fi
  [ -z "$JDK_VERSION" ] || found="$found
              $1 ($JDK_VERSION)"
  return 1
}

# The folder of the java on the PATH, links followed.
jdk_on_path() {
  java=$(command -v java) || return 1
  while [ -h "$java" ]; do
    link=$(readlink "$java")
    case $link in
      /*) java=$link ;;
      *) java=${java%/*}/$link ;;
    esac
  done
  printf '%s\n' "${java%/bin/java}"
}

find_jdk() {
  JDK=
  found=
  [ -z "${JAVA_HOME:-}" ] || ! try_jdk "$JAVA_HOME" || return 0
  on_path=$(jdk_on_path) && try_jdk "$on_path" && return 0
  for folder in /usr/lib/jvm/* /usr/java/* /usr/local/openjdk* /opt/* /opt/java/* \
    "${HOME:-/}"/.sdkman/candidates/java/* "${HOME:-/}"/.jdks/* \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/}"/Library/Java/JavaVirtualMachines/*/Contents/Home \
    /opt/homebrew/opt/openjdk*/libexec/openjdk.jdk/Contents/Home; do
    try_jdk "$folder" && return 0
  done
  if [ -r "${HOME:-/}/.m2/toolchains.xml" ]; then
    homes=$(sed -n 's:.*<jdkHome>\(.*\)</jdkHome>.*:\1:p' "$HOME/.m2/toolchains.xml")
    while IFS= read -r folder; do
      try_jdk "$folder" && return 0
    done <<HOMES
$homes
HOMES
  fi
  cat >&2 <<MESSAGE
$1: no JDK $jdk_wanted or newer
  looked in   JAVA_HOME, PATH, /usr/lib/jvm, /usr/java, /usr/local, /opt, ~/.sdkman/candidates/java,
              ~/.jdks, /Library/Java/JavaVirtualMachines, Homebrew, ~/.m2/toolchains.xml
  expected    a folder with bin/java, bin/javac and a file \`release\` with JAVA_VERSION $jdk_wanted or newer
  received    JAVA_HOME=${JAVA_HOME:-(not set)}${found:-, no Java at all}
  to do       install a JDK $jdk_wanted of any vendor and set JAVA_HOME to its folder
MESSAGE
  return 1
}
