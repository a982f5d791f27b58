/* place.h - where a path is: a name in a directory that may be held open.
 *
 * While a directory is held, whatever is made, written, renamed or removed below it is found from
 * its descriptor and through no link: exchanging the directory, or one in it, for a link leads
 * nothing elsewhere. Other paths are found as the system finds them. */
#ifndef STS_CORE_PLACE_H
#define STS_CORE_PLACE_H

#include "core/err.h"

#include <sys/types.h>

typedef struct sts_hold sts_hold;

/* Holds an existing directory, which may be a link to one unless it is below a held one, under the
 * path that it has here, for this thread, which also closes it. NULL on error (STS_FAILED). */
sts_hold *sts_hold_open(const char *dir, sts_err *err);
/* The same directory, whatever its path leads to now, held for this thread, too. */
sts_hold *sts_hold_again(const sts_hold *h, sts_err *err);
void sts_hold_close(sts_hold *h);

typedef struct sts_place {
    int dir;    /* AT_FDCWD: none is held, and name is the whole path */
    char *name; /* in it; "." for the held directory itself */
} sts_place;

/* 0, or -1 with errno and nothing to close. */
int sts_place_open(sts_place *p, const char *path);
/* The same, but the directory that holds path is opened in any case. */
int sts_place_open_parent(sts_place *p, const char *path);
void sts_place_close(sts_place *p);

/* As openat; again after EINTR. */
int sts_place_file(const sts_place *p, int flags, mode_t mode);

#endif
