/* checksum.c - CRC-32 of bytes, and of a file as it is. */
#include "core/file.h"
#include "core/mem.h"
#include "core/sys.h"

#include <zlib.h>

#define PIECE ((size_t)1 << 18)

uint32_t sts_crc(uint32_t crc, const void *p, size_t n)
{
    return (uint32_t)crc32_z(crc, p, n);
}

int sts_file_crc(const char *path, uint32_t *crc, uint64_t *bytes, sts_err *err)
{
    int fd = sts_file_open(path, STS_FAILED, err);
    if (fd < 0) return -1;
    unsigned char *buf = sts_realloc(NULL, PIECE, 1);
    int rc = buf ? 0 : sts_fail_memory(err, path);
    *crc = 0;
    *bytes = 0;
    for (ssize_t n = 1; !rc && n;) {
        n = sts_read_all(fd, buf, PIECE);
        if (n < 0) rc = sts_fail_errno(err, path, "cannot read");
        if (n <= 0) break;
        *crc = sts_crc(*crc, buf, (size_t)n);
        *bytes += (uint64_t)n;
    }
    sts_free(buf);
    sts_sys.close(fd);
    return rc;
}
