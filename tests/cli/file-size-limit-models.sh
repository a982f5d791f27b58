# Models and GGUF files that do not fit on the disk: an error, and nothing half-written.
. "$ROOT/tests/cli/common"
cut -f 6,7 dev.tsv | tr '\t' '\n' > texts
limited() {
    code=0
    (ulimit -f 16 && exec "$STSFIT" "$@" > /dev/null) || code=$?
    echo "exit $code" >&2
}
limited distill -q -m "$tiny" -o static
limited shrink -q -m "$tiny" -o small --layers 0
limited shrink -q -m "$tiny" -o narrow --dims 8 --data texts
limited shrink -q -m "$tiny" -o fewer --vocabulary texts
for type in f32 f16 q8_0; do limited export -q -m "$tiny" -o model.gguf --type $type; done
limited encode -q -m "$tiny" "$DATA/sts-dev.tsv" --vectors int8 -o int8.npy
ls -A
