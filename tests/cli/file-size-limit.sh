# A limit on the size of files: an error like a full disk, and no temporary files.
. "$ROOT/tests/cli/common"
big() { for _ in 1 2 3 4; do cut -f 6 "$DATA/sts-dev.tsv"; done; }
big > texts
limited() {
    code=0
    (ulimit -f 16 && exec "$STSFIT" "$@") || code=$?
    echo "exit $code" >&2
}
limited encode -m "$tiny" texts -o v.tsv
limited encode -m "$tiny" texts -o v.npy --format npy
limited encode -m "$tiny" texts > part
limited eval -q -m "$tiny" "$DATA/sts-dev.tsv" --predictions p.tsv
limited train -q -m "$tiny" "$DATA/sts-dev.tsv" -o run --max-steps 1
rm -f part
ls -A
