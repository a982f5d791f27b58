#!/bin/sh
# blas.sh: the products, the number of threads and the models' numbers with each BLAS that is
# installed - OpenBLAS with POSIX threads, with OpenMP, with none; BLIS; the reference - and the
# products with each of OpenBLAS's kernels that this processor can run.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/tally.sh
unset OPENBLAS_CORETYPE STSFIT_BLAS
unit() { # FILTER: those unit tests pass, one at least
    out=$("$BUILD/unit" -j"${JOBS:-2}" --color=never --filter "$1" 2>&1)
    rc=$?
    echo "$out"
    [ $rc -eq 0 ] && echo "$out" | grep -q 'Tested: [1-9]'
}

found=''
for library in /usr/lib/*/openblas-*/libopenblas.so.0 /usr/lib*/libopenblas*.so.0 \
    /usr/lib/*/blis-*/libblis.so.4 /usr/lib/*/blas/libblas.so.3; do
    [ -e "$library" ] || continue
    found="$found $library"
    STSFIT_BLAS=$library try "$library" unit '@(gemm|threads|kernels|golden_models)/*'
done
echo "blas:${found:- no library is where it is looked for}"
case $found in
    *openblas-openmp* | *libopenblaso*) ;;
    *) skip 'OpenBLAS built with OpenMP' 'not installed (scripts/install-deps.sh --test)' ;;
esac

cores=''
while read -r flag names; do # what the processor must have, and the kernels that use it
    grep -qsw "$flag" /proc/cpuinfo || continue
    for core in $names; do
        cores="$cores $core"
        OPENBLAS_CORETYPE=$core try "OPENBLAS_CORETYPE=$core" unit '@(gemm|kernels)/*'
    done
done << END
pni Prescott
3dnow Opteron_SSE3
ssse3 Core2 Atom Nano
sse4_1 Penryn Dunnington
sse4_2 Nehalem
sse4a Barcelona Bobcat
avx Sandybridge
fma4 Bulldozer Piledriver Steamroller Excavator
avx2 Haswell Zen
avx512vl SkylakeX
avx512_bf16 Cooperlake
END
echo "kernels:${cores:- none for this kind of processor}"
tally
