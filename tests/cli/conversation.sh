# A program that writes a line into a pipe gets the answer while the pipe stays open.
. "$ROOT/tests/cli/common"
mkfifo questions answers
ask() { # COMMAND...: two questions, each asked once the answer before it is there
    "$STSFIT" "$@" -m "$tiny" < questions > answers &
    exec 3> questions 4< answers
    for question in 'A dog runs.	A cat sits.' 'The end.	It ends.'; do
        echo "$question" >&3
        read -r answer <&4
        echo "$1: an answer of $(echo "$answer" | wc -w) words"
    done
    exec 3>&- 4<&-
    wait
}
ask tokenize
ask encode
ask score
