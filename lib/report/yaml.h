/* yaml.h - the little YAML that a model card's front matter needs: reading keys with a scalar or a
 * list of scalars, writing scalars that every YAML reader takes for the same text. */
#ifndef STS_REPORT_YAML_H
#define STS_REPORT_YAML_H

#include "core/strbuf.h"

typedef struct sts_yaml_scalar {
    char *s;
    bool plain; /* stood there without quotes and can be written so again (true, no, 1.0) */
} sts_yaml_scalar;

typedef struct sts_yaml_key {
    char *name;
    bool list;
    sts_yaml_scalar *v;
    size_t n, cap;
} sts_yaml_key;

typedef struct sts_front_matter {
    sts_yaml_key *key;
    size_t n, cap;
    size_t left_out; /* keys that hold more than scalars */
} sts_front_matter;

/* Reads the front matter (between lines of "---") at the start of a Markdown text. What is not
 * understood for certain is left out and counted; it is not an error to have no front matter.
 * -1: no memory. */
int sts_front_matter_read(sts_front_matter *f, const char *markdown, sts_err *err);
void sts_front_matter_free(sts_front_matter *f);

/* The key of that name, or NULL. */
const sts_yaml_key *sts_front_matter_get(const sts_front_matter *f, const char *name);

/* A scalar: bare where no reader can mistake it, else in double quotes, escaped. */
void sts_yaml_text(sts_strbuf *out, const char *s);
void sts_yaml_scalar_put(sts_strbuf *out, const sts_yaml_scalar *v);
/* A key with what it has, in lines of their own. */
void sts_yaml_key_put(sts_strbuf *out, const sts_yaml_key *k);

#endif
