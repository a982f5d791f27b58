#!/bin/sh
# examples.sh: the programs of lib/examples, built against an installed library that pkg-config alone
# finds, shared and static, and run: each does what its first lines say.
set -u
cd "$(dirname "$0")/.." || exit 1
temp=$(mktemp -d) || exit 1
trap 'rm -rf "$temp"' EXIT
. tests/tally.sh
. tests/client.sh
prefix=$temp/usr
tiny=data/tiny-bert
pairs=data/sts-train.tsv
export PKG_CONFIG_PATH="$prefix/lib/pkgconfig:${PKG_CONFIG_PATH-}"

run_make() { ${MAKE:-make} -s --no-print-directory MODE="$MODE" "$@"; }
compile() { # PACKAGE NAME SOURCE...: $temp/NAME
    package=$1 out=$temp/$2
    shift 2
    build=client_c
    case "$*" in *.cpp*) build=client_cxx ;; esac
    # shellcheck disable=SC2046   # words
    $build "$@" $(pkg-config --cflags --libs "$package") -o "$out" && linked "$package" "$out"
}
linked() { # PACKAGE PROGRAM: it needs libstsfit at run time if, and only if, that is the shared one
    if command -v readelf > /dev/null; then readelf -d "$2"; else otool -L "$2"; fi > "$temp/needs" || return 1
    case "$1" in
        *-static) ! grep libstsfit "$temp/needs" ;;
        *) grep -q libstsfit "$temp/needs" ;;
    esac
}
with() { # PACKAGE COMMAND...: a static program gets no path to the shared library
    package=$1
    shift
    case "$package" in
        *-static) "$@" ;;
        *) LD_LIBRARY_PATH="$prefix/lib" DYLD_LIBRARY_PATH="$prefix/lib" "$@" ;;
    esac
}
ends_with() { # CODE COMMAND...: its exit code; what it prints is in $temp/out
    code=$1 rc=0
    shift
    "$@" > "$temp/out" || rc=$?
    [ "$rc" -eq "$code" ] || { echo "exit code $rc"; cat "$temp/out"; return 1; }
}
printed() { grep -q "$@" "$temp/out" || { echo "not printed: $*"; cat "$temp/out"; return 1; }; }

nearest() { # PACKAGE
    compile "$1" nearest lib/examples/nearest.c || return 1
    ends_with 0 with "$1" "$temp/nearest" $tiny "A cat sleeps." "The shares fell." "A cat sleeps." || return 1
    printed -x "A cat sleeps." && ends_with 1 with "$1" "$temp/nearest" "$temp/nothing" a b
}
serve() {
    compile "$1" serve lib/examples/serve.c || return 1
    set -- "$1" one two three four five six seven eight nine ten
    package=$1
    shift
    ends_with 0 with "$package" "$temp/serve" $tiny "$@" || return 1
    [ "$(cut -f 2 "$temp/out" | tr '\n' ' ')" = "$* " ] && ! printed '^0\.0' > /dev/null
}
fine_tune() {
    compile "$1" fine_tune lib/examples/fine_tune.c || return 1
    ends_with 130 with "$1" "$temp/fine_tune" $tiny $pairs "$temp/run-$1" 3 || return 1
    printed '^step 3 of' && printed '^stopped and saved' && ! printed '^step 4' > /dev/null || return 1
    ends_with 0 with "$1" "$temp/fine_tune" $tiny $pairs "$temp/run-$1" 0 resume || return 1
    printed '^step 4 of' && ! printed '^step 3 of' > /dev/null && printed '^spearman_cosine 0' &&
        [ -f "$temp/run-$1/model/model.safetensors" ]
}
fine_tune_cpp() {
    compile "$1" fine_tune_cpp lib/examples/fine_tune.cpp || return 1
    ends_with 130 with "$1" "$temp/fine_tune_cpp" $tiny "$temp/rows-$1" 3 || return 1
    printed '^step 3' && ! printed '^step 4' > /dev/null || return 1
    ends_with 0 with "$1" "$temp/fine_tune_cpp" $tiny "$temp/all-$1" 0 && printed '^step 10' && printed '^a model of'
}
own_loss() {
    compile "$1" own_loss lib/examples/own_loss.c lib/examples/log_cosh.c || return 1
    ends_with 0 with "$1" "$temp/own_loss" $tiny "$temp/own-$1" && printed '^step 3'
}
own_loss_cpp() {
    compile "$1" own_loss_cpp lib/examples/own_loss.cpp || return 1
    ends_with 0 with "$1" "$temp/own_loss_cpp" && printed 'is right' && printed "'wrong': its gradient is wrong"
}
plugin() { # COMPILER SOURCE: a shared object, for the installed program
    # shellcheck disable=SC2046   # words
    "$1" -shared -fPIC "lib/examples/$2" $(pkg-config --cflags stsfit) -o "$temp/$2.so" &&
        "$prefix/bin/stsfit" train $pairs --dev none -m $tiny -q -o "$temp/$2.run" --max-steps 1 --loss "$temp/$2.so:sharpness=4" > "$temp/out"
}
python() {
    ends_with 0 python3 lib/examples/embed.py "$(pkg-config --variable=libdir stsfit)/libstsfit.$1" $tiny "A dog runs." "A dog runs." &&
        printed -x 1.0000
}
staged() { # PACKAGE: an installation that is somewhere else, found through the root of its own
    PKG_CONFIG_PATH="$temp/stage/opt/lib/pkgconfig" PKG_CONFIG_SYSROOT_DIR="$temp/stage" compile "$1" staged lib/examples/nearest.c &&
        LD_LIBRARY_PATH="$temp/stage/opt/lib" ends_with 0 "$temp/staged" $tiny "A dog." "A cat." "A dog." &&
        printed -x "A dog."
}
all_listed() { # in the page
    for file in lib/examples/*.c lib/examples/*.cpp lib/examples/*.py; do
        if ! grep -qF "(${file##*/})" lib/examples/README.md || [ ! -f "$prefix/share/doc/stsfit/$file" ]; then
            echo "$file"
            return 1
        fi
    done
}

try "make install" run_make install PREFIX="$prefix"
try "the page lists every example, and is installed with them" all_listed
cxx=yes
command -v c++ > /dev/null 2>&1 || cxx=''
for package in stsfit stsfit-static; do
    for example in nearest serve fine_tune own_loss fine_tune_cpp own_loss_cpp; do
        case "$cxx$example" in
            *_cpp) [ "$cxx" ] || { skip "$package: $example" "no c++"; continue; } ;;
        esac
        try "$package: $example" "$example" "$package"
    done
done
try "a loss as a shared object, in C" plugin client_c log_cosh.c
if [ "$cxx" ]; then try "a loss as a shared object, in C++" plugin client_cxx log_cosh.cpp
else skip "a loss as a shared object, in C++" "no c++"
fi
if command -v python3 > /dev/null 2>&1 && [ -z "$sanitize" ]; then
    case "$(uname -s)" in Darwin) try "Python" python dylib ;; *) try "Python" python so ;; esac
else
    skip "Python" "no python3, or a sanitizer's library"
fi
try "a staged installation (DESTDIR)" run_make install PREFIX=/opt DESTDIR="$temp/stage"
for package in stsfit stsfit-static; do
    if [ "$(uname -s)" = Linux ]; then try "$package: from the stage" staged $package
    else skip "$package: from the stage" "not on this system"
    fi
done
tally
