#!/bin/sh
# readme.sh: runs the README's commands, so that they stay true. Every ```sh block runs, in order,
# in one directory that has data/, scripts/, tests/ and lib/ as a checkout has; `stsfit` is the program
# just built, `make` that of the checkout. In place of the network: `stsfit fetch` puts
# data/tiny-bert there instead. ```sh setup blocks install packages: only the scripts that they name
# are looked at. Lines that begin with jq or parallel are left out where these are not, and without
# MPI the ```sh mpi blocks, whose stsfit is a build with it. Links to files must lead somewhere.
# ```console blocks are sessions: the lines after "$ " run at a terminal (script, of util-linux), and
# what is then on the screen is to be what the block says, word for word (where no terminal can be
# made, they only run). Only the machine's line is
# not compared, and of numbers with more than four decimals only two: the last ones are the CPU's.
set -u
unset MAKEFLAGS MFLAGS # of `make -j check`, whose jobs the sessions cannot share
cd "$(dirname "$0")/.." || exit 1
ROOT=$PWD STSFIT=$PWD/${STSFIT:-stsfit}
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
. tests/tally.sh

mkdir "$temp/bin" "$temp/mpi" "$temp/here" "$temp/here/scripts"
ln -s "$STSFIT" "$temp/bin/stsfit"
for d in data tests lib; do ln -s "$ROOT/$d" "$temp/here/$d"; done
cat > "$temp/bin/stsfit-fetch" << END
#!/bin/sh
mkdir models && cp -R "$ROOT/data/tiny-bert" models/all-MiniLM-L6-v2
END
cat > "$temp/bin/make" << END
#!/bin/sh
exec "$(command -v "${MAKE:-make}")" -C "$ROOT" -s --no-print-directory "\$@"
END
chmod +x "$temp/bin/stsfit-fetch" "$temp/bin/make"
export STSFIT_EXEC_PATH="$temp/bin"

awk -v dir="$temp" '
/^```sh$/ { file = sprintf("%s/block-%02d", dir, ++n); line = FNR; print "# line " FNR > file; next }
/^```sh mpi$/ { file = sprintf("%s/block-%02d-mpi", dir, ++n); print "# line " FNR > file; next }
/^```sh setup$/ { file = dir "/setup"; next }
/^```console$/ { file = sprintf("%s/session-%02d", dir, ++n); next }
/^```$/ { file = ""; next }
file != "" { print > file }' README.md

export ROOT PATH="$temp/bin:$PATH" STSFIT_THREADS=1 HOME="$temp/here/ann"
mkdir "$HOME"

# What a terminal shows in the end of what came to it; what differs between machines taken out.
screen() {
    awk '{
        sub(/\r$/, "")
        while ((i = index($0, "\r\033[K"))) $0 = substr($0, i + 4)
        sub(/^machine .*/, "machine")
        while (match($0, /\.[0-9][0-9][0-9][0-9][0-9]+/))
            $0 = substr($0, 1, RSTART + 2) substr($0, RSTART + RLENGTH)
        print
    }' | sed "s|$HOME|/home/ann|g"
}

for session in "$temp"/session-*; do
    sed -n 's/^\$ //p' "$session" > "$temp/here/.session"
    if ! script -qec true /dev/null < /dev/null > /dev/null 2>&1; then
        skip 'what a session prints' 'script(1) can make no terminal here'
        if (cd "$temp/here" && sh -e .session) > "$temp/out" 2>&1; then pass 'a session'
        else fail 'a session' "$(cat "$temp/out")"
        fi
        continue
    fi
    (cd "$temp/here" && NO_COLOR=1 TERM=xterm script -qec 'sh -v .session' /dev/null) < /dev/null |
        screen > "$temp/got"
    if sed 's/^\$ //' "$session" | screen | diff -u - "$temp/got" > "$temp/out"; then pass 'a session'
    else fail 'what the session prints' "$(cat "$temp/out")"
    fi
done
if [ -d "$temp/here/first" ]; then # the picture is of this run
    sh scripts/picture.sh "$temp/here/first" "$temp/picture.svg"
    if [ "$(grep -o '<svg x=' "$temp/picture.svg" | wc -l)" -eq 3 ]; then pass 'the picture'
    else fail 'the picture'
    fi
fi
export OMPI_ALLOW_RUN_AS_ROOT=1 OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1
ln -s "$ROOT/build/mpicc/stsfit" "$temp/mpi/stsfit"
with_mpi() { # BLOCK: whether there is a program built with MPI; else says so
    if command -v mpicc > /dev/null && command -v mpirun > /dev/null &&
        MAKEFLAGS='' make MPI=1 MODE=release BUILD=build/mpicc build/mpicc/stsfit > /dev/null; then
        return
    fi
    skip "$(sed -n '1s/^# //p' "$1")" 'no MPI here'
    return 1
}
for block in "$temp"/block-*; do
    first=$temp/bin
    case $block in *-mpi) with_mpi "$block" || continue; first=$temp/mpi ;; esac
    for tool in jq parallel; do
        command -v $tool > /dev/null || ! grep -q "^$tool " "$block" || {
            skip "$(sed -n '1s/^# //p' "$block"): its lines with $tool" "no $tool here"
            sed -i.all "/^$tool /d" "$block"
        }
    done
    if (cd "$temp/here" && PATH=$first:$PATH sh -eu "$block") > "$temp/out" 2>&1
    then pass "$(sed -n '1s/^# //p' "$block")"
    else fail "$(sed -n '1s/^# //p' "$block")" "$(cat "$block" "$temp/out")"
    fi
done
for script in $(grep -o 'scripts/[a-z-]*\.sh' README.md | sort -u); do
    if [ -x "$script" ] && sh -n "$script"; then pass "$script"; else fail "$script"; fi
done
for link in $(grep -o '](\([^)]*\))' README.md | sed 's/](\(.*\))/\1/; s/#.*//' | grep -v '^http' | sort -u); do
    if [ -e "$link" ]; then pass "the link to $link"; else fail "the link to $link leads nowhere"; fi
done
{ "$STSFIT" man | sed 's/\\-/-/g'; cat scripts/install-deps.sh; } > "$temp/options"
for option in $(grep -o -e '`[^`]*--[a-z][^`]*`' README.md | grep -o -e '--[a-z][a-z0-9-]*' | sort -u); do
    if grep -q -e "${option}[^a-z0-9-]" "$temp/options"; then pass "$option"; else fail "no option $option"; fi
done
tally
