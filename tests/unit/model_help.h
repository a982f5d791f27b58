/* model_help.h - tests over a model's directory: a copy of a golden one, to be changed. */
#ifndef MODEL_HELP_H
#define MODEL_HELP_H

#include "core/file.h"
#include "core/mem.h"
#include "model/model.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ST "sentence_transformers."
#define TRANSFORMER "{\"idx\":0,\"name\":\"0\",\"path\":\"\",\"type\":\"" ST "models.Transformer\"}"
#define BERT "tests/golden/variants/base"

static char dir[32];

static inline char *below(const char *name)
{
    static char path[4][256];
    static int turn;
    snprintf(path[++turn % 4], sizeof path[0], "%s/%s", dir, name);
    return path[turn % 4];
}

/* A copy of a golden directory with its one folder. */
static inline void copy_model(const char *from)
{
    static const char *const names[] = {
        "config.json", "config_sentence_transformers.json", "model.safetensors", "modules.json",
        "sentence_bert_config.json", "tokenizer.json", "tokenizer_config.json",
        "1_Pooling/config.json", "2_Dense/config.json", "2_Dense/model.safetensors",
    };
    cr_assert(!sts_dir_make(below("1_Pooling"), NULL));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char path[256];
        snprintf(path, sizeof path, "%s/%s", from, names[i]);
        if (!sts_file_exists(path)) continue;
        if (*names[i] == '2') cr_assert(!sts_dir_make(below("2_Dense"), NULL));
        cr_assert(!sts_file_copy(path, below(names[i]), NULL));
    }
}

static inline void setup(void)
{
    strcpy(dir, "/tmp/stsfit-test-XXXXXX");
    cr_assert(mkdtemp(dir));
}

static inline void teardown(void)
{
    cr_assert(!sts_dir_remove(dir, NULL));
}

static inline void put(const char *name, const char *text)
{
    cr_assert(!sts_file_write(below(name), text, strlen(text), NULL));
}

static inline char *get(const char *path)
{
    size_t n;
    char *text = sts_file_read(path, 1 << 24, STS_MODEL, &n, NULL);
    cr_assert(text, "%s", path);
    return text;
}

/* Replaces the first `from` in a file by `to`. */
static inline void edit(const char *name, const char *from, const char *to)
{
    char *text = get(below(name)), *at = strstr(text, from);
    cr_assert(at, "%s is not in %s", from, name);
    size_t n = strlen(text) + strlen(to) + 1;
    char *out = sts_alloc(n, 1);
    snprintf(out, n, "%.*s%s%s", (int)(at - text), text, to, at + strlen(from));
    put(name, out);
    sts_free(out);
    sts_free(text);
}

static inline sts_model *load(void)
{
    sts_err err = {0};
    sts_model *m = sts_model_load(dir, &err);
    cr_assert(m, "%s", err.text);
    return m;
}

#endif
