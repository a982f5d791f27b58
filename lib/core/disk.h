/* disk.h - is there room for what a run will save? Asked before its first step, so that hours of
 * training are not lost at the first save. */
#ifndef STS_CORE_DISK_H
#define STS_CORE_DISK_H

#include "core/err.h"

#include <stdint.h>

/* Makes a file of that size in dir, synced, and takes it away again. 0, or -1 (STS_FAILED). */
int sts_disk_try(const char *dir, uint64_t bytes, sts_err *err);

#endif
