# No word is in two texts, so that the built-in encoder has no row to learn: trains all the same.
printf 'score\tsentence1\tsentence2\n1\ta\tb\n4\tc\td\n' > d.tsv
"$STSFIT" train d.tsv --dev d.tsv -q -o run --epochs 2
"$STSFIT" train d.tsv --dev d.tsv -q -o run --epochs 2 --resume
"$STSFIT" eval d.tsv -m run --json | grep -c '"pairs":	2'
