#!/bin/sh
# install.sh: `make install` into a directory of its own, what it puts there, and that `make uninstall`
# leaves what was there before.
set -u
cd "$(dirname "$0")/.." || exit 1
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
. tests/tally.sh
prefix=$temp/usr
run_make() { ${MAKE:-make} -s --no-print-directory "$@" PREFIX="$prefix"; }
installed() {
    for f in bin/stsfit include/stsfit.h include/stsfit_loss.h lib/libstsfit.a lib/pkgconfig/stsfit.pc lib/pkgconfig/stsfit-static.pc share/man/man1/stsfit.1 share/doc/stsfit/LICENSE share/doc/stsfit/CHANGELOG.md \
        share/bash-completion/completions/stsfit share/zsh/site-functions/_stsfit \
        share/fish/vendor_completions.d/stsfit.fish libexec/stsfit/stsfit-fetch share/stsfit/schema/report.schema.json; do
        [ -s "$prefix/$f" ] || { echo "$f is missing or empty"; return 1; }
    done
    "$prefix/bin/stsfit" --version
}
links() { # of the installed guides, to each other
    for guide in $(cd "$prefix/share/doc/stsfit" && find . -name '*.md'); do
        for link in $(grep -o '](\([^)]*\))' "$prefix/share/doc/stsfit/$guide" | sed 's/](\(.*\))/\1/; s/#.*//' |
            grep -v '^http'); do
            [ -f "$prefix/share/doc/stsfit/$(dirname "$guide")/$link" ] || { echo "$guide: $link"; return 1; }
        done
    done
}
header_alone() { # each public header compiles by itself, in C and C++ where there is a compiler
    for h in stsfit.h $(cd lib && ls stsfit_*.h); do
        echo "#include <$h>" > "$temp/h.c"
        ${CC:-cc} -std=c11 -Wall -Wextra -Wpedantic -Werror -I"$prefix/include" -c "$temp/h.c" \
            -o "$temp/h.o" || return 1
    done
}
gone() {
    (cd "$prefix" && find . ! -type d | sort) | cmp - "$temp/before" && [ ! -e "$prefix/share/doc/stsfit" ]
}

mkdir -p "$prefix/bin" "$prefix/share/man/man1"
echo mine > "$prefix/bin/mine"
echo mine > "$prefix/share/man/man1/mine.1"
(cd "$prefix" && find . ! -type d | sort) > "$temp/before"
try "make install" run_make install
try "everything is in place" installed
try "links of the installed guides lead to installed files" links
try "the public headers stand alone" header_alone
try "make uninstall" run_make uninstall
try "uninstall takes away exactly what install put there" gone
try "a staged install (DESTDIR)" run_make install DESTDIR="$temp/stage"
try "... stays in its stage" test -x "$temp/stage$prefix/bin/stsfit" -a ! -e "$prefix/bin/stsfit"
tally
