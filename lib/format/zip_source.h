/* zip_source.h - libzip over this library's own reading of files, so that what fails there is
 * reported as elsewhere, and can be made to fail. */
#ifndef STS_FORMAT_ZIP_SOURCE_H
#define STS_FORMAT_ZIP_SOURCE_H

#include <stdbool.h>
#include <zip.h>

/* The archive at path, for reading; NULL with *e on error, as for more than `limit` entries.
 * zip_discard closes it, and the file. */
zip_t *sts_zip_open(const char *path, uint64_t limit, zip_error_t *e);

/* Was the last error on this thread one of the machine (a read, memory), not of what the file has?
 * To be asked once, right after it. */
bool sts_zip_failed(const zip_error_t *e);

#endif
