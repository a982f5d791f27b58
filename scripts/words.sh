#!/bin/sh
# words.sh - looks for words that this project writes in another way: in names, help, messages,
# comments and guides. Each line at the end is an extended regular expression for whole words, and
# what to write instead.
set -eu
cd "$(dirname "$0")/.."
bad=0
tab=$(printf '\t')
files=$(find cmd lib scripts data/schema data/*.md tests/*.md tests/*.sh tests/cli tests/fuzz \
    tests/library tests/plugin tests/tools tests/torture tests/unit \
    \( -name golden -o -name seeds -o -name regress -o -name hub \) -prune -o -type f \
    \( -name '*.[ch]' -o -name '*.sh' -o -name '*.py' -o -name '*.md' -o -name '*.json' -o -name '*.out' \
    -o -name '*.err' \) -print | grep -v '^scripts/words.sh$')
while IFS="$tab" read -r pattern instead; do
    [ "$pattern" ] || continue
    # shellcheck disable=SC2086   # names of this tree have no blanks
    found=$(grep -nwiE -e "$pattern" $files ./*.md | grep -viE '"(human)?judge?ment"|told (apart|from)|\\told_index' || true)
    [ -z "$found" ] || { echo "$found" | sed "s|\$|   [$instead]|"; bad=1; }
done <<'END'
judge|judges|judged|judging|judge?ment|judge_[a-z_]*	evaluate, evaluation
fight|fights|bout|bouts|versus	compare, comparison
told|tell_[a-z_]*|told_[a-z_]*	print, report, show, log
go on|goes on|going on	continue, resume
from nothing	from scratch
a line a step	one line per step
rows a step	batch size
is no matter|no matter	say what is meant
looks? at|looking at|looked at	read, stat, inspect
there twice	occurs twice
must be a text	must be a string
takes and gives	reads and writes
beside the reference	compared with the reference
comes? along|at hand	bundled, included, available
of use|of no use	has (no) effect
take_back|numberish|usual_[a-z_]*	a name that says what it is
(size_t|int|int64_t|double|float) most|most_(of|bytes)	limit, largest
END
exit $bad
