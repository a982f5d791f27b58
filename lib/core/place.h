/* place.h - where a path is: a name in a directory that may be held open.
 *
 * Long work finds relative paths from the working directory that it began in, whatever a callback
 * or another thread makes the process's: sts_here_begin keeps it open, and sts_sys starts there.
 *
 * While a directory is held, whatever is made, written, renamed or removed below it is found from
 * its descriptor and through no link: exchanging the directory, or one in it, for a link leads
 * nothing elsewhere. Other paths are found as the system finds them. */
#ifndef STS_CORE_PLACE_H
#define STS_CORE_PLACE_H

#include "core/err.h"

#include <sys/types.h>

typedef struct sts_hold sts_hold;

/* Where a thread's relative paths start, and what it holds. */
typedef struct sts_here {
    int dir;        /* AT_FDCWD: the process's working directory, whichever that is */
    sts_hold *held; /* the last one first; NULL: nothing */
} sts_here;

/* The calling thread's. Another one that uses it works in the same directories, which this one must
 * keep until then. */
sts_here sts_here_now(void);
/* The directory where they start now, opened; as it is where it cannot be. */
sts_here sts_here_open(void);
void sts_here_close(sts_here h);
/* Work begins in the working directory, or is a part of work that has begun. Returns what was
 * before, for sts_here_end. */
sts_here sts_here_begin(void);
void sts_here_end(sts_here before);
/* The program's own code runs, as if no work was in progress, until sts_here_use has this again. */
sts_here sts_here_leave(void);
/* Returns the one before. */
sts_here sts_here_use(sts_here here);
/* A relative path for functions that know the process's working directory alone: the absolute one,
 * newly allocated, where that is not the one that the work began in; NULL: as it is. */
char *sts_here_path(const char *path);

/* Holds an existing directory, which may be a link to one unless it is below a held one, under the
 * path that it has here, for this thread, which also closes it. NULL on error (STS_FAILED). */
sts_hold *sts_hold_open(const char *dir, sts_err *err);
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
