# tally.sh: what the suites share: counting results, and the closing line that run.sh adds up.
# Read with `. tests/tally.sh` from the checkout's root; SUITE is the name that messages begin with.
# shellcheck shell=sh
passed=0 failed=0 skipped=0
SUITE=$(basename "$0" .sh)

pass() { # NAME
    passed=$((passed + 1))
    echo "ok: $SUITE: $1"
}
fail() { # NAME [DETAILS]
    failed=$((failed + 1))
    echo "FAILED: $SUITE: $1"
    [ -z "${2-}" ] || printf '%s\n' "$2"
}
skip() { # NAME REASON: a check that this machine cannot run
    skipped=$((skipped + 1))
    echo "SKIPPED: $SUITE: $1: $2"
}
try() { # NAME COMMAND...: passes when the command does; what it printed is shown otherwise
    try_name=$1
    shift
    if try_out=$("$@" 2>&1); then pass "$try_name"; else fail "$try_name" "$try_out"; fi
}
closing_line() { # PASSED FAILED SKIPPED
    echo "$1 passed, $2 failed$([ "$3" -eq 0 ] || echo ", $3 skipped")"
}
tally() { # prints the closing line; fails when a check has
    closing_line "$passed" "$failed" "$skipped"
    [ "$failed" -eq 0 ]
}
