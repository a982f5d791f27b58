#!/bin/sh
# deb.sh: build/stsfit_VERSION_ARCH.deb from what `make install` puts in place, built without this
# machine's own instructions, so that it runs on any processor of the architecture. On x86-64 the
# library is there three times: the loader takes the one for the newest instructions it finds.
set -eu
cd "$(dirname "$0")/.."
command -v dpkg-deb > /dev/null 2>&1 || { echo "deb: no dpkg-deb here" >&2; exit 1; }
make=${MAKE:-make} root=$PWD/build/deb/stsfit
multiarch=$(${CC:-cc} -print-multiarch 2> /dev/null || true)
libdir=/usr/lib${multiarch:+/$multiarch}
rm -rf build/deb
build() { # LEVEL TARGET: '' is the architecture's base
    "$make" -s --no-print-directory ARCH="$1" BUILD="build/package-${1:-base}" LINK=shared PREFIX=/usr \
        LIBDIR="$libdir" DESTDIR="$root" "$2"
}
build '' all
library=libstsfit.so.$VERSION
ln -sf "$library" "build/package-base/libstsfit.so.${VERSION%%.*}"
export LD_LIBRARY_PATH="$PWD/build/package-base"     # for the completions, which the program writes
umask 022
build '' install > /dev/null
if [ "$(dpkg --print-architecture)" = amd64 ]; then
    for level in x86-64-v3 x86-64-v4; do
        build $level "build/package-$level/$library"
        install -D -m 644 "build/package-$level/$library" "$root$libdir/glibc-hwcaps/$level/$library"
        ln -s "$library" "$root$libdir/glibc-hwcaps/$level/libstsfit.so.${VERSION%%.*}"
    done
fi

find "$root/usr/bin" "$root$libdir" -type f ! -name "*.[ap]*" -exec strip --strip-unneeded {} +
strip --strip-debug --enable-deterministic-archives "$root$libdir/libstsfit.a"
gzip -9n "$root/usr/share/man/man1/stsfit.1"
mkdir -p "$root/usr/share/zsh/vendor-completions"
mv "$root/usr/share/zsh/site-functions/_stsfit" "$root/usr/share/zsh/vendor-completions/_stsfit"
rmdir "$root/usr/share/zsh/site-functions"
doc=$root/usr/share/doc/stsfit
{
    echo "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/"
    echo "Upstream-Name: stsfit"
    echo
    echo "Files: *"
    echo "Copyright: 2026 the stsfit authors"
    echo "License: Apache-2.0"
    echo " On Debian systems the text is in /usr/share/common-licenses/Apache-2.0."
} > "$doc/copyright"
rm "$doc/LICENSE"
sed -i 's|(LICENSE)|(copyright)|' "$doc/README.md"
date=$(git log -1 --format=%cD 2> /dev/null || date -R)
maintainer="${DEBFULLNAME:-stsfit authors} <${DEBEMAIL:-stsfit@users.noreply.github.com}>"
printf 'stsfit (%s) unstable; urgency=medium\n\n  * As released upstream.\n\n -- %s  %s\n' \
    "$VERSION" "$maintainer" "$date" | gzip -9n > "$doc/changelog.gz"

# The packages of the shared libraries that ours asks for by name, the C library with the newest
# version of a symbol in use; and of those that it opens at run time. Any OpenBLAS will do: Debian
# has one for each kind of threads.
library=$root$libdir/$library
glibc=$(objdump -T "$library" "$root/usr/bin/stsfit" | grep -o 'GLIBC_2[.0-9]*' | sort -V | tail -n 1)
libraries() {
    objdump -p "$library" | sed -n 's/^ *NEEDED *//p' | while read -r name; do
        file=$(ldd "$library" | sed -n "s|^[[:space:]]*$name => \([^ ]*\) .*|\1|p")
        [ -n "$file" ] || continue # the loader itself
        dpkg -S "$file" "${file#/usr}" "/usr$file" "$(readlink -f "$file")" 2> /dev/null |
            sed -n '1s/:.*//p'
    done
}
depends=$({ libraries; echo libopenblas0; echo libgomp1; } |
    sed "s/^libc6$/libc6 (>= ${glibc#GLIBC_})/" | sort -u | awk '{ printf "%s%s", sep, $0; sep = ", " }')
# Opened at run time, for --precision bf16.
suggests=$(dpkg -S '*/libdnnl.so.[0-9]' 2> /dev/null | sed -n '1s/\([^:]*\):.*/Suggests: \1/p')
mkdir -p "$root/DEBIAN"
sed '/^$/d' > "$root/DEBIAN/control" << END
Package: stsfit
Version: $VERSION
Architecture: $(dpkg --print-architecture)
Maintainer: $maintainer
Section: science
Priority: optional
Installed-Size: $(du -sk "$root/usr" | cut -f 1)
Depends: $depends
$suggests
Description: fine-tunes sentence encoders for semantic textual similarity
 Trains on pairs of sentences with a similarity score, evaluates the model, and
 scores other pairs, from the command line or as a library. Reads and writes
 sentence-transformers models; without one it trains an encoder of its own.
END
echo 'activate-noawait ldconfig' > "$root/DEBIAN/triggers"
echo "libstsfit 0 stsfit (>= $VERSION)" > "$root/DEBIAN/shlibs"
(cd "$root" && find usr -type f | sort | xargs md5sum) > "$root/DEBIAN/md5sums"
file=build/stsfit_${VERSION}_$(dpkg --print-architecture).deb
dpkg-deb --root-owner-group --build "$root" "$file" > /dev/null
if command -v lintian > /dev/null 2>&1; then lintian --fail-on error --tag-display-limit 0 "$file"
else echo "deb: lintian is not installed: not checked"
fi
echo "$file"
