# The kernels that OpenBLAS runs are those of the processor's features, by a library that does not know
# the processor; a user's own choice is kept. The program is not started twice and keeps its name.
. "$ROOT/tests/cli/common"
grep -qs -w avx2 /proc/cpuinfo || { echo "needs Linux on a processor with AVX2" > skipped; exit 0; }
command -v "${CC:-cc}" > /dev/null
"${CC:-cc}" -shared -fPIC -o fake.so "$ROOT/tests/plugin/fake_blas.c"
unset OPENBLAS_CORETYPE STSFIT_BLAS
export OPENBLAS_NUM_THREADS=4
better() { sed 's/SkylakeX/Haswell/; s/AVX-512/AVX2/'; }
encode() { printf 'A cat sleeps.\nThe shares fell.\n' | "$STSFIT" encode -m "$tiny"; }
near() { # the vectors of a file are those of another, to rounding
    paste own "$1" | awk '{ for (i = 1; i <= NF / 2; i++) { d = $i - $(i + NF / 2); s += d * d; n += $i * $i } }
        END { exit !(n && s < 1e-10 * n) }' || echo "$1: other vectors"
}
encode > own

echo "a processor unknown to the library"
STSFIT_BLAS=$PWD/fake.so encode 2>&1 > fake | better
near fake
STSFIT_BLAS=$PWD/fake.so train_tiny -o run --max-steps 1 2> /dev/null
grep -o '"blas":.*"' run/report.json | better

echo "the user's own choice"
OPENBLAS_CORETYPE=Nehalem STSFIT_BLAS=$PWD/fake.so encode 2>&1 > fake | better
near fake
OPENBLAS_CORETYPE=Haswell STSFIT_BLAS=$PWD/fake.so encode 2>&1 > fake | sed 's/warning: .*AVX-512/warning/' | grep -v warning
if OPENBLAS_CORETYPE=Prescott encode 2> err > prescott; then cut -d : -f 1-2 err | better; fi
near prescott

echo "libraries that cannot"
FIXED=1 STSFIT_BLAS=$PWD/fake.so encode 2>&1 > fake | better
DEAF=1 STSFIT_BLAS=$PWD/fake.so encode 2>&1 > fake | better

echo "no library"
STSFIT_BLAS=$PWD/nothing.so rc encode 2>&1 | sed "s|$PWD/||g"
echo 'int nothing;' > none.c
"${CC:-cc}" -shared -fPIC -o none.so none.c
STSFIT_BLAS=$PWD/none.so rc encode 2>&1 | sed "s|$PWD/||g"

echo "its name"
mkfifo texts
"$STSFIT" encode -m "$tiny" texts > vectors &
exec 3> texts
cat "/proc/$!/comm"
encode > /dev/null
printf 'A cat sleeps.\nThe shares fell.\n' >&3
exec 3>&-
wait $!
cmp own vectors
