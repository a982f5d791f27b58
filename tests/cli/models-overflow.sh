# Finite weights so large that sums overflow: every command says so, exit 4.
. "$ROOT/tests/cli/common"
cp -RL "$ROOT/tests/golden/models/static" m
header=$(head -c 8 m/model.safetensors | od -An -t u8 | tr -d ' ')
data=$((8 + header))
{ head -c "$data" m/model.safetensors
  head -c $(($(wc -c < m/model.safetensors) - data)) /dev/zero | LC_ALL=C tr '\0' '\176'; } > big
mv big m/model.safetensors # 0x7e7e7e7e is 8.5e37
cut -f 6,7 dev.tsv > pairs
cut -f 6 dev.tsv > texts
for command in 'encode texts' 'score pairs' 'eval dev.tsv'; do rc "$STSFIT" $command -m m; done
rc "$STSFIT" train train.tsv --dev none -m m -o run -q
