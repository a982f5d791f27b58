# Called wrongly: a short help or a hint on stderr, exit 2.
. "$ROOT/tests/cli/common"
rc "$STSFIT"
rc "$STSFIT" trian
rc "$STSFIT" nonsense
rc "$STSFIT" help evla
rc "$STSFIT" --version
rc "$STSFIT" train
rc "$STSFIT" info a b
rc "$STSFIT" losses cosent angle
rc "$STSFIT" score a b
rc "$STSFIT" completion
rc "$STSFIT" completion tcsh
rc "$STSFIT" check --score-range x:5 no-such-file
"$STSFIT" check --help > help
"$STSFIT" check -h | cmp - help
rc "$STSFIT" encode -m no-such-model a b
