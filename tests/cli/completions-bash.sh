# What bash's completion offers: a loss by its beginning, the words of an option, options.
. "$ROOT/tests/cli/common"
command -v bash > /dev/null || { echo "no bash here" > skipped; exit 0; }
"$STSFIT" completion bash > bash
cat > try.bash << 'END'
. ./bash
try() { COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMPREPLY=(); _stsfit; echo "${COMPREPLY[*]}"; }
try stsfit train --loss cosine-s
try stsfit train --keep ''
try stsfit train --save
END
bash try.bash
