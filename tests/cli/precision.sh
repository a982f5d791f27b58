# --precision: bf16 gives the same bits every time, resumes bit for bit, and is refused with the reason
# where it cannot be; auto is one of the two, and fp32 there.
. "$ROOT/tests/cli/common"
encode() { cut -f 6 dev.tsv | "$STSFIT" encode -m "$tiny" "$@"; }
rc encode --precision fp16 2>&1
encode > fp32
if ! encode -q --precision bf16 > bf16 2> reason; then
    grep 'stsfit: --precision bf16: ' reason
    grep -e 'built without' -e 'cannot be loaded' -e 'no instructions' reason > skipped
    encode --precision auto 2> /dev/null | cmp - fp32 || rm skipped
    exit 0
fi
encode -q --precision auto > auto
cmp -s auto bf16 || cmp -s auto fp32 || echo "auto: neither bf16 nor fp32"
cmp -s bf16 fp32 && echo "nothing was rounded"
encode -q --precision bf16 | cmp - bf16

echo "no instructions"
export DNNL_MAX_CPU_ISA=AVX2
rc encode --precision bf16 2>&1
{ encode --precision auto > vectors; } 2>&1
cmp vectors fp32
unset DNNL_MAX_CPU_ISA

echo "no library"
mkdir lib
touch lib/libdnnl.so.2 lib/libdnnl.so.3
LD_LIBRARY_PATH=$PWD/lib rc encode --precision bf16 2>&1 | sed 's/loaded: .*: /loaded: ...: /'

echo "train"
options='--precision bf16 --epochs 2 --lr 1e-3 --save-steps 1 --save-total-limit 99'
train_tiny -o whole $options
train_tiny -o again $options
[ "$(weights whole)" = "$(weights again)" ] || echo "other weights"
mkdir part
cp again/log.jsonl again/config.json part
for step in 1 2 3; do cp -R again/checkpoint-$step part; done
rc train_tiny -o part $options --precision fp32 --resume 2>&1
train_tiny -o part $options --resume
[ "$(weights whole)" = "$(weights part)" ] || echo "resumed: other weights"
steps whole > whole.steps
steps part | cmp - whole.steps || echo "resumed: other steps"
train_tiny -o auto $options --precision auto
rm -r auto/checkpoint-3
train_tiny -o auto $options --precision auto --resume
train_tiny -o plain $options --precision fp32
[ "$(weights whole)" = "$(weights plain)" ] && echo "nothing was rounded"

echo "noted"
"$VALIDATE" "$ROOT/data/schema/report.schema.json" whole/report.json
grep -o '"precision":[^,]*' whole/report.json
grep -o '"blas":[^,0-9]*' whole/report.json
grep -c '"precision_seconds"' whole/report.json
grep 'precision' whole/model/README.md
"$STSFIT" eval -q -m whole dev.tsv --json --precision bf16 > eval.json
"$VALIDATE" "$ROOT/data/schema/eval.schema.json" eval.json
grep -o '"precision":[^,]*' eval.json
"$STSFIT" train train.tsv --dev dev.tsv -m "$tiny" -o dry --dry-run $options 2>&1 | grep -o 'bf16$'
"$STSFIT" train train.tsv --dev dev.tsv -o bag --dry-run $options 2>&1 | grep -o 'fp32$'
