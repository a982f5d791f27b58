# --json prints the report; the report, its log and the configuration follow their schemas.
. "$ROOT/tests/cli/common"
"$STSFIT" train train.tsv --dev dev.tsv --test dev.tsv -m "$tiny" -o 'a run' --json -q --epochs 2 \
    --eval-steps 2 --loss cosent:scale=20 > report.json
cmp report.json 'a run/report.json'
"$VALIDATE" "$ROOT/data/schema/report.schema.json" report.json
"$VALIDATE" -l "$ROOT/data/schema/log.schema.json" 'a run/log.jsonl'
grep -o '"command_line":.*' report.json | plain
grep -o '"status":.*' report.json
for tool in jq python3; do
    command -v $tool > /dev/null || continue
    case $tool in
    jq) jq -e . report.json > /dev/null && jq -e . 'a run/log.jsonl' > /dev/null ;;
    python3) python3 -m json.tool report.json > /dev/null ;;
    esac
done
