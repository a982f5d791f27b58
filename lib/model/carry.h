/* carry.h - what of a model directory belongs to the model, and is copied with it: files known by
 * name and by what they stand beside, never what merely lies there (data, other programs' states,
 * notes, code). */
#ifndef STS_MODEL_CARRY_H
#define STS_MODEL_CARRY_H

#include "core/err.h"

/* Where in a model directory: at its top, beside the encoder, beside any other module. What is for
 * people can be left out. */
enum {
    STS_AT_TOP = 1,
    STS_AT_ENCODER = 2,
    STS_AT_MODULE = 4,
    STS_FOR_PEOPLE = 8,
    STS_OF_WEIGHTS = 16 /* at the top, true of these weights only: not copied with others */
};

typedef struct sts_carried {
    const char *name;
    unsigned at; /* STS_AT_..., STS_FOR_PEOPLE */
} sts_carried;

/* The table; *n rows. */
const sts_carried *sts_carried_all(size_t *n);

/* Whether a saved model may have a file of that name, which may be in a folder: one of the table,
 * or the weights. */
bool sts_carry_known(const char *name);

/* Whether the open file fd, found under `path` in the model directory `dir`, belongs to it: lies
 * below it, links followed, or is a blob of the Hugging Face cache. 1, 0, or -1 (STS_FAILED). */
int sts_carry_inside(const char *dir, const char *path, int fd, sts_err *err);

/* Refuses (STS_USAGE) to write what is there, and is of a model or a checkpoint. */
int sts_carry_spare(const char *path, sts_err *err);

#endif
