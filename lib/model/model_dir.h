/* model_dir.h - how a model directory is laid out: which modules, in which folders. */
#ifndef STS_MODEL_MODEL_DIR_H
#define STS_MODEL_MODEL_DIR_H

#include "core/err.h"
#include "core/limits.h"

typedef struct sts_dir_module {
    char *type;   /* the last dotted part, old names of Transformer replaced by it */
    char *folder; /* "" is the directory itself */
} sts_dir_module;

typedef struct sts_model_dir {
    char *path;                       /* where the files are: a run's model/ for a run */
    bool bare;                        /* there is no modules.json */
    bool model2vec;                   /* nor here: model2vec's own layout, and v is made up */
    sts_dir_module v[STS_MAX_MODULES]; /* none when bare */
    size_t n;
} sts_model_dir;

int sts_model_dir_read(sts_model_dir *d, const char *dir, sts_err *err);
void sts_model_dir_done(sts_model_dir *d);

/* "path/folder/name", newly allocated (sts_free); NULL with err when memory is out. */
char *sts_dir_file(const char *path, const char *folder, const char *name, sts_err *err);

#endif
