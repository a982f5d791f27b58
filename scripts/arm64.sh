#!/bin/sh
# arm64.sh [ROOT]: builds for ARM64 with the cross compiler against a Debian system in ROOT (made
# there by debootstrap at the first time) and runs the unit tests in it, under qemu. As root; needs
# debootstrap, gcc-aarch64-linux-gnu and qemu-user-static.
set -eu
cd "$(dirname "$0")/.."
root=${1:-$PWD/build/arm64-root} lib=/usr/lib/aarch64-linux-gnu triplet=aarch64-linux-gnu
for tool in debootstrap $triplet-gcc; do
    command -v "$tool" > /dev/null || { echo "arm64: needs $tool" >&2; exit 1; }
done
packages=libc6-dev,libopenblas-dev,zlib1g-dev,libutf8proc-dev,libpcre2-dev,libzip-dev
packages=$packages,libcriterion-dev,libgomp1
[ -d "$root$lib" ] ||
    debootstrap --arch=arm64 --variant=minbase --include=$packages "${SUITE:-bookworm}" "$root" > "$root.log"

# The root's links start at its own top, so that the BLAS's header is named by its directory.
PKG_CONFIG_SYSROOT_DIR=$root PKG_CONFIG_LIBDIR=$root$lib/pkgconfig:$root/usr/share/pkgconfig \
    ${MAKE:-make} --no-print-directory ARCH= BUILD=build/arm64 CC="$triplet-gcc --sysroot=$root" \
    CFLAGS="-I$root/usr/include/$triplet/openblas-pthread" build/arm64/stsfit build/arm64/unit

work=$root/srv/stsfit
rm -rf "$work"
mkdir -p "$work/build/arm64"
cp -r data tests "$work"
cp build/arm64/stsfit build/arm64/unit "$work/build/arm64"
[ -e "$root/proc/self" ] || mount -t proc proc "$root/proc"
chroot "$root" env -C /srv/stsfit BUILD=build/arm64 OMP_WAIT_POLICY=passive sh tests/unit.sh
