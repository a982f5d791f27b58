# A pipe under the name of any file of a model or a run: reported, or not opened; never waited for.
. "$ROOT/tests/cli/common"
limit=$(command -v timeout > /dev/null && echo timeout -s KILL 60) || limit=
try() { # DIRECTORY FILE COMMAND...: the exit code, and how often it is said that FILE is none
    from=$1 file=$2 code=0; shift 2
    rm -rf copy; cp -r "$from" copy; rm "copy/$file"; mkfifo "copy/$file"
    $limit "$@" > out 2> err < /dev/null || code=$?
    echo "$file: exit $code, reported $(grep -c "copy/$file: is not a regular file" err)"
}
echo 'A dog runs.' > text
for file in config.json model.safetensors modules.json 1_Pooling/config.json tokenizer.json \
            sentence_bert_config.json config_sentence_transformers.json tokenizer_config.json; do
    try "$tiny" $file "$STSFIT" encode -m copy text
done
"$STSFIT" train train.tsv --dev dev.tsv -m bag --max-steps 4 --save-steps 2 -q -o run
for file in report.json log.jsonl predictions.tsv; do
    try run $file "$STSFIT" report copy -o page.html
done
for file in log.jsonl predictions.tsv .lock checkpoint-4/optimizer.bin checkpoint-4/trainer.json \
            checkpoint-4/checksums.json checkpoint-4/model.safetensors; do
    try run $file "$STSFIT" train train.tsv --dev dev.tsv -m bag --max-steps 4 --save-steps 2 -q \
        -o copy --resume
done
# and data that a report names: a pipe, a device, stdin, a file of the kernel's that is waited for
named() { # FILE: in the place of the dev set
    rm -rf copy; cp -r run copy
    sed "s|\"dev.tsv\"|\"$1\"|" run/report.json > copy/report.json
    code=0
    $limit "$STSFIT" report copy --pairs -o page.html > out 2> err < /dev/null || code=$?
    echo "$1: exit $code"
    cat err
}
mkfifo fifo
for file in fifo /dev/zero /dev/stdin; do named $file; done
# and data that a configuration names, where those of the command line may be pipes
config() { # JSON OPTION...
    echo "$1" > c.json; shift
    code=0
    $limit "$STSFIT" train -m "$tiny" -q --max-steps 1 -o new --overwrite --config c.json "$@" \
        > out 2> err < train.tsv || code=$?
    echo "configuration: exit $code"
    cat err
}
config '{"data": ["fifo"]}'
config '{"data": ["train.tsv", "fifo"]}'
config '{"dev": "fifo"}' train.tsv
config '{"test_file": "fifo"}' train.tsv
cat dev.tsv > fifo &
config '{"data": ["train.tsv"], "dev": "absent"}' --dev fifo
config '{"data": ["-"], "dev": "none", "test": "dev.tsv"}'
