#!/bin/sh
# house.sh: the rules of the house that need no compiler; one check each.
set -u
. tests/tally.sh
STSFIT=${STSFIT:-stsfit}
scripts_parse() {
    for f in scripts/*.sh scripts/stsfit-fetch tests/*.sh tests/cli/*.sh; do sh -n "$f" || return 1; done
}
man_is_current() { "./$STSFIT" man | cmp - cmd/stsfit.1; }
try "rooms include only the rooms they may" sh scripts/deps.sh
try "lines, functions and files are short" sh scripts/lengths.sh
try "shell scripts parse" scripts_parse
try "cmd/stsfit.1 is what stsfit man prints (else: make man)" man_is_current
if [ "${MODE:-release}" = release ] && [ "$(uname -s)" = Linux ]; then
    try "the program is hardened" sh tests/hardened.sh "./$STSFIT"
fi
tally
