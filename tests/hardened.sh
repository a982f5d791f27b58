#!/bin/sh
# hardened.sh PROGRAM: is the program hardened as the Makefile asks? Placed at a random address, its
# tables of addresses read-only before it starts, no stack that could be run, no code rewritten by
# the loader; stack guards, and with glibc checked calls. Passes where there is no readelf.
set -eu
command -v readelf > /dev/null 2>&1 || { echo "no readelf here: skipped"; exit 0; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
readelf -hldW --dyn-syms "$1" > "$log"
has() { grep -qE "$1" "$log" || { echo "$2: readelf shows no $1"; exit 1; }; }
hasnt() { ! grep -E "$1" "$log" || { echo "$2"; exit 1; }; }
has 'Type: +DYN' 'not position-independent'
has 'GNU_RELRO' 'the table of addresses can be written to'
has 'BIND_NOW|FLAGS_1.* NOW' 'symbols are bound while it runs'
has '__stack_chk_fail' 'no stack guards'
hasnt 'GNU_STACK.* RWE' 'the stack can be run'
hasnt 'TEXTREL' 'code is rewritten when it is loaded'
if grep -q GLIBC "$log"; then has '__[a-z]+_chk[@ ]' 'calls are not checked'; fi
