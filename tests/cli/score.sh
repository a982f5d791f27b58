# One more column on each line, in order; from a file, stdin, CSV with quotes, JSON lines, CRLF.
. "$ROOT/tests/cli/common"
figures() { sed 's/-\{0,1\}[0-9]\.[0-9]\{6\}/N/'; }
"$STSFIT" score -m "$tiny" dev.tsv > a
wc -l < a | tr -d ' '
cut -f 1-7 a | cmp - dev.tsv && echo "the lines as they were"
"$STSFIT" score -m "$tiny" < dev.tsv | cmp - a
"$STSFIT" score -m "$tiny" --threads 2 --batch-size 1 - < dev.tsv | cmp - a
printf 'sentence1,sentence2\n"A, ""quoted"" dog runs.",A dog runs.\n' | "$STSFIT" score -m "$tiny" | figures
printf '{"sentence1":"A dog runs.","sentence2":"A cat runs."}\n{"sentence1":"A","sentence2":"A"}\n' |
    "$STSFIT" score -m "$tiny" --format jsonl | figures
printf 'A dog runs.\tA dog runs.\r\nA cat.\tA dog.\r\n' | "$STSFIT" score -m "$tiny" --columns sentence1=1,sentence2=2 | figures | od -c | sed -n 1,3p
"$STSFIT" score -m "$tiny" < dev.tsv | LC_ALL=C sort -t'	' -k 8 -g -r | sed -n 1p | cut -f 8 | sed 's/^[01]\..*/N/'
