# Sourced by ./kalamos when the app in cli/target/app is missing, old, or not yet recorded.

# Builds the app quietly; explains on standard error what went wrong.
build_app() {
  if ! command -v mvn >/dev/null; then
    cat >&2 <<MESSAGE
kalamos: no Maven to build the app with
  looked in   PATH
  expected    the command mvn, version 3.8 or newer
  received    PATH=$PATH
  to do       install Maven and put its folder bin on the PATH
MESSAGE
    return 1
  fi
  lock_app || return 1
  if is_stale; then
    if [ -f "$built" ]; then reason='a source has changed'; else reason='first use'; fi
    echo "Building Kalamos ($reason)..." >&2
    log=$root/cli/target/build.log
    # The stamp is from before the build: what is edited meanwhile is built next time.
    rm -rf "$built" "$app"
    : >"$built.new"
    "$root/build" -q -pl cli -am -Dmaven.test.skip=true package >"$log" 2>&1 </dev/null
    code=$?
    if [ $code -ge 128 ]; then
      unlock_app
      exit $code
    elif [ $code -ne 0 ]; then
      unlock_app
      cat >&2 <<MESSAGE
kalamos: the build failed
  where       $root
  expected    ./build -pl cli -am package to succeed
  received    exit code $code; the end of $log:
$(grep -a '[a-z][a-z]' "$log" | tail -n 15 | sed 's/^/              /')
  to do       read the whole log; ./build verify runs the tests as well
MESSAGE
      return 1
    fi
    record_start
    mv "$built.new" "$built"
  fi
  unlock_app
}

# Records again, where the app is right but its record is not: another JDK, or ./build has run.
record_app() {
  lock_app || return 1
  if is_unrecorded; then
    echo 'Preparing Kalamos to start fast (once after a build)...' >&2
    record_start
  fi
  unlock_app
}

# Records what the JVM loads and links while it trains a small network, so that later starts map it
# from a file: an AOT cache (JEP 514). An empty file says that this JVM could not make one.
record_start() {
  rm -f "$cache"
  (
    IFS=$newline
    "$JDK/bin/java" -XX:AOTCacheOutput="$cache" $jvm_options -p "$app" -m "$main" \
      bench mlp --epochs 1 --json >"$root/cli/target/record.log" 2>&1 </dev/null
  )
  [ -s "$cache" ] || : >"$cache"
}

# One build at a time: the others wait for it. The lock is a link to the id of the process that
# holds it; one whose process is gone is removed. Several may remove it at once, and then with it the
# new lock of another, so whoever removed one looks again, a little later, whether its own still lies.
lock_app() {
  mkdir -p "$root/cli/target" || return 1
  removed=
  while :; do
    if ln -s $$ "$built.lock" 2>/dev/null; then
      [ -n "$removed" ] || break
      sleep 0.3
    fi
    owner=$(readlink "$built.lock") || continue
    [ "$owner" != $$ ] || break
    if kill -0 "$owner" 2>/dev/null; then
      sleep 0.2
    else
      rm -f "$built.lock"
      removed=1
    fi
  done
  trap 'unlock_app; exit 130' INT
  trap 'unlock_app; exit 143' TERM
}

unlock_app() {
  rm -f "$built.lock"
  trap - INT TERM
}
