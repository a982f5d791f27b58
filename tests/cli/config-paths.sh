# Paths in a configuration are relative to its own directory; what leads to nothing there, a model's
# name or a path of the working directory, is as it is. One's own RUN/config.json is run again with
# the paths that the run was given.
. "$ROOT/tests/cli/common"
mkdir -p conf/pairs
mv train.tsv conf/pairs/train.tsv
cp -R "$tiny" conf/tiny
echo '{"data": ["pairs/train.tsv"], "dev": "dev.tsv", "model": "tiny", "output": "run", "max-steps": 1}' > conf/c.json
cp dev.tsv conf/dev.tsv
head -n 5 conf/dev.tsv > dev.tsv
rc "$STSFIT" train --config conf/c.json -q
ls -d run conf/run 2> /dev/null || :
grep -E '"(model|dev|output)":' conf/run/config.json
rc "$STSFIT" train --config conf/run/config.json -q -o again
rc "$STSFIT" train --resume -o conf/run -q
# what the command line gives is relative to the working directory, whatever the file says
rc "$STSFIT" train --config conf/c.json -q --dev dev.tsv -o here
grep -E '"(model|dev|output)":' here/config.json
rm conf/dev.tsv
rc "$STSFIT" train --config conf/c.json -q -o fallen
grep '"dev":' fallen/config.json
# beside the configuration, and from standard input
(cd conf && rc "$STSFIT" train --config c.json -q --dev ../dev.tsv -o beside)
rc "$STSFIT" train --config - -q -o stdin < conf/c.json
ls
