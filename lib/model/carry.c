/* carry.c - the files that a model has, and whether a link stays with its model. */
#include "model/carry.h"

#include "core/file.h"
#include "core/sys.h"

#include <stdlib.h>
#include <string.h>

static const sts_carried TABLE[] = {
    {"modules.json", STS_AT_TOP},
    {"stsfit.json", STS_OF_WEIGHTS},
    {"config_sentence_transformers.json", STS_AT_TOP},
    {"README.md", STS_AT_TOP | STS_FOR_PEOPLE},
    {"LICENSE", STS_AT_TOP | STS_FOR_PEOPLE},
    {"LICENSE.md", STS_AT_TOP | STS_FOR_PEOPLE},
    {"LICENSE.txt", STS_AT_TOP | STS_FOR_PEOPLE},
    {"NOTICE", STS_AT_TOP | STS_FOR_PEOPLE},
    {"NOTICE.md", STS_AT_TOP | STS_FOR_PEOPLE},
    {"NOTICE.txt", STS_AT_TOP | STS_FOR_PEOPLE},
    {"config.json", STS_AT_TOP | STS_AT_ENCODER | STS_AT_MODULE},
    {"sentence_bert_config.json", STS_AT_ENCODER},
    {"sentence_roberta_config.json", STS_AT_ENCODER},
    {"sentence_distilbert_config.json", STS_AT_ENCODER},
    {"sentence_camembert_config.json", STS_AT_ENCODER},
    {"sentence_albert_config.json", STS_AT_ENCODER},
    {"sentence_xlm-roberta_config.json", STS_AT_ENCODER},
    {"sentence_xlnet_config.json", STS_AT_ENCODER},
    {"tokenizer.json", STS_AT_ENCODER},
    {"tokenizer_config.json", STS_AT_ENCODER},
    {"special_tokens_map.json", STS_AT_ENCODER},
    {"added_tokens.json", STS_AT_ENCODER},
    {"vocab.txt", STS_AT_ENCODER},
    {"vocab.json", STS_AT_ENCODER},
    {"merges.txt", STS_AT_ENCODER},
    {"bpe.codes", STS_AT_ENCODER},
    {"sentencepiece.bpe.model", STS_AT_ENCODER},
    {"spiece.model", STS_AT_ENCODER},
    {"spm.model", STS_AT_ENCODER},
    {"tokenizer.model", STS_AT_ENCODER},
};
#define ROWS (sizeof TABLE / sizeof *TABLE)

const sts_carried *sts_carried_all(size_t *n)
{
    *n = ROWS;
    return TABLE;
}

bool sts_carry_known(const char *name)
{
    const char *slash = strrchr(name, '/');
    unsigned top = STS_AT_TOP | STS_AT_ENCODER | STS_OF_WEIGHTS;
    unsigned at = slash ? STS_AT_ENCODER | STS_AT_MODULE : top;
    const char *last = slash ? slash + 1 : name;
    if (!strcmp(last, "model.safetensors")) return true;
    for (size_t i = 0; i < ROWS; i++)
        if (TABLE[i].at & at && !strcmp(TABLE[i].name, last)) return true;
    return false;
}

/* ---- links ---- */

/* Whether `path` lies below the directory of n bytes. */
static bool is_below(const char *dir, size_t n, const char *path)
{
    return !strncmp(dir, path, n) && (path[n] == '/' || (n && dir[n - 1] == '/'));
}

/* Of the cache that dir is a snapshot of: ROOT/snapshots/REVISION and ROOT/blobs/NAME. */
static bool is_own_blob(const char *dir, const char *path)
{
    const char *at = NULL;
    for (const char *p = dir; (p = strstr(p, "/snapshots/")); p++) at = p;
    size_t n = at ? (size_t)(at - dir) : 0;
    return at && is_below(dir, n, path) && !strncmp(path + n, "/blobs/", 7) &&
           !strchr(path + n + 7, '/');
}

/* Of the cache, linked from elsewhere as its downloads into a directory of one's own are:
 * .../models--ORG--NAME/blobs/HASH. */
static bool is_blob(const char *path)
{
    const char *hash = strrchr(path, '/');
    size_t n = hash ? strspn(hash + 1, "0123456789abcdef") : 0;
    if ((n != 40 && n != 64) || hash[1 + n] || hash - path < 6 || strncmp(hash - 6, "/blobs", 6))
        return false;
    const char *model = hash - 6;
    while (model > path && model[-1] != '/') model--;
    return !strncmp(model, "models--", 8);
}

int sts_carry_inside(const char *dir, const char *path, int fd, sts_err *err)
{
    struct stat opened, found;
    char *root = sts_sys.resolve(dir), *real = root ? sts_sys.resolve(path) : NULL;
    int rc = -1;
    if (!real || sts_sys.fstat(fd, &opened) || sts_sys.lstat(real, &found))
        sts_fail_errno(err, path, "cannot find out where it is");
    else /* the file that was opened, and not one that has taken its place meanwhile */
        rc = opened.st_dev == found.st_dev && opened.st_ino == found.st_ino &&
             (is_below(root, strlen(root), real) || is_own_blob(root, real) || is_blob(real));
    free(root);
    free(real);
    return rc;
}
