#!/bin/sh
# readme.sh: runs the commands of the README and the guides, so that they stay true. Every ```sh block
# runs, in order, in one directory that has data/, scripts/, tests/ and lib/ as a checkout has; `stsfit`
# is the program just built, `make` that of the checkout. In place of the network: `stsfit fetch` puts
# data/tiny-bert there instead. ```sh setup blocks install packages: only the scripts that they name
# are checked. Lines that begin with jq or parallel are left out where these are not installed, and
# without MPI the ```sh mpi blocks, whose stsfit is a build with it. Links, files, functions and options
# that a guide names must exist.
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
GUIDES="README.md cmd/README.md lib/README.md lib/data/README.md lib/model/README.md lib/loss/README.md lib/examples/README.md
    lib/train/README.md scripts/README.md tests/README.md data/README.md CONTRIBUTING.md SECURITY.md
    CHANGELOG.md"

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

# The blocks of all guides, numbered in order; the first line of each says where it stands.
# shellcheck disable=SC2086   # words
awk -v dir="$temp" '
FNR == 1 { file = "" }
/^```sh$/ { file = sprintf("%s/block-%02d", dir, ++n); print "# " FILENAME ": line " FNR > file; next }
/^```sh mpi$/ { file = sprintf("%s/block-%02d-mpi", dir, ++n); print "# " FILENAME ": line " FNR > file; next }
/^```sh setup$/ { file = dir "/setup"; next }
/^```console$/ { file = sprintf("%s/session-%02d", dir, ++n); next }
/^```$/ { file = ""; next }
file != "" { print > file }' $GUIDES

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
    for tool in jq parallel python3; do
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
for script in $(grep -o 'scripts/[a-z-]*\.sh' "$temp/setup" | sort -u); do
    if [ -x "$script" ] && sh -n "$script"; then pass "$script"; else fail "$script"; fi
done

# ---- what the guides name ----

known_file() { # NAME, as a guide in the folder $dir has it; capitals make it a placeholder
    case $1 in
        *[A-Z*]*) return ;;
        */*) ;;
        *) [ -n "$(find lib cmd tests scripts data -name "$1")" ]; return ;;
    esac
    [ -e "$dir/$1" ] || [ -e "$1" ] || [ -e "lib/$1" ]
}
known_name() { grep -rqw --include='*.[ch]' -e "$1" lib cmd; }
names_exist() { # GUIDE
    dir=$(dirname "$1") bad=''
    sed '/^```/,/^```$/d' "$1" | grep -o '`[^` ]*`' | tr -d '`' | sort -u > "$temp/names"
    while read -r name; do
        case $name in
            -* | RUN/*) ;;
            sts_* | STS_*) known_name "${name%%[.(]*}" || bad="$bad $name" ;;
            *.[ch] | *.sh | *.py | lib/* | cmd/* | tests/* | data/* | scripts/*)
                known_file "${name%/}" || bad="$bad $name" ;;
        esac
    done < "$temp/names"
    [ -z "$bad" ] || { echo "there is no$bad"; return 1; }
}
links_lead_somewhere() { # GUIDE: to a file, and to a heading of it
    grep -o '](\([^)]*\))' "$1" | sed 's/](\(.*\))/\1/' | grep -v '^http' | sort -u > "$temp/links"
    while read -r link; do
        file=${link%%#*}
        target=$(dirname "$1")/$file
        [ "$file" ] || target=$1
        [ -e "$target" ] || { echo "$link leads nowhere"; return 1; }
        case $link in *'#'*) headings "$target" | grep -qx "${link#*#}" || { echo "$link: no such heading"; return 1; } ;; esac
    done < "$temp/links"
}
headings() { sed -n 's/^##* //p' "$1" | tr '[:upper:] ' '[:lower:]-' | tr -cd 'a-z0-9\n-'; }
{ "$STSFIT" man | sed 's/\\-/-/g'; cat scripts/install-deps.sh tests/cli.sh; } > "$temp/options"
options_exist() { # GUIDE
    for option in $(grep -o -e '`[^`]*--[a-z][^`]*`' "$1" | grep -o -e '--[a-z][a-z0-9-]*' | sort -u); do
        grep -q -e "${option}[^a-z0-9-]" "$temp/options" || { echo "no option $option"; return 1; }
    done
}
for guide in $GUIDES; do
    try "$guide: links lead somewhere" links_lead_somewhere "$guide"
    try "$guide: options exist" options_exist "$guide"
    [ "$guide" = CHANGELOG.md ] || try "$guide: files and functions exist" names_exist "$guide"
done
try 'README.md has at most 200 lines' [ "$(wc -l < README.md)" -le 200 ]

# "core math" for model, as scripts/deps.sh has it, is what the map says.
rooms_agree() {
    sed -n 's/^ *\([a-z |]*\)) echo \([a-z ]*\) ;;$/\1:\2/p' scripts/deps.sh > "$temp/rooms"
    [ -s "$temp/rooms" ] || return 1
    while IFS=: read -r rooms uses; do
        for room in $(echo "$rooms" | tr -d '|'); do
            grep -q "^| \`$room\` |.* | $uses |$" lib/README.md || { echo "$room: $uses"; return 1; }
        done
    done < "$temp/rooms"
}
try 'lib/README.md has the rooms of scripts/deps.sh' rooms_agree

# Objects that stay when a function returns are listed in lib/README.md, by their files.
hidden_state() {
    objdump -t build/release/libstsfit.a | awk '
        /^[a-z0-9_]+\.o:/ { file = $1; sub(/\.o:$/, ".c", file) }
        { for (i = 1; i < NF; i++) if ($i ~ /^\.(t?bss|t?data|data\.rel(\.local)?)$/ && $NF !~ /^\./) print file }' |
        sort -u > "$temp/state"
    [ -s "$temp/state" ] || { echo 'no state found: does this still work?'; return 1; }
    while read -r file; do
        grep -q "^| \`[a-z]*/$file\` |" lib/README.md || { echo "$file: hidden state, not in lib/README.md"; return 1; }
    done < "$temp/state"
}
if [ -f build/release/libstsfit.a ] && [ "$(uname -s)" = Linux ] && command -v objdump > /dev/null; then
    try 'lib/README.md lists all hidden state' hidden_state
else skip 'hidden state' 'no release build, or no objdump for it'
fi
tally
