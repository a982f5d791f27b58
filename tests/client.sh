# client.sh: how the suites build programs that use the library as outsiders do. Read with
# `. tests/client.sh` from the checkout's root.
# shellcheck shell=sh
MODE=${MODE:-release}
case "$MODE" in # what a program needs beside a library that a sanitizer watches
    asan) sanitize='-fsanitize=address,undefined' ;;
    tsan) sanitize='-fsanitize=thread' ;;
    *) sanitize='' ;;
esac
strict="-g -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Werror $sanitize"
# shellcheck disable=SC2086   # words
client_c() { ${CC:-cc} -std=c11 -D_POSIX_C_SOURCE=200809L $strict "$@" -lm -pthread; }
# shellcheck disable=SC2086   # words
client_cxx() { ${CXX:-c++} -std=c++17 -Wold-style-cast $strict "$@" -pthread; }
