/* fetch.c - stsfit fetch: hands over to stsfit-fetch, a script beside the program, so that the
 * program itself needs no library for networks. */
#include "common.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct fetch {
    common c;
    const char *output, *revision;
} fetch;

static const sts_option ROWS[] = {
    {.kind = STS_OPT_GROUP, .help = "What to fetch"},
    {.kind = STS_OPT_TEXT, .name = "output", .letter = 'o', .arg = "DIR",
     .offset = offsetof(fetch, output), .standard = "~/.local/share/stsfit/models/NAME",
     .help = "directory to write the model to"},
    {.kind = STS_OPT_TEXT, .name = "revision", .arg = "REV", .offset = offsetof(fetch, revision),
     .value = "main", .help = "branch, tag or commit of the model"},
    OPT_QUIET,
    {0},
};

static const opt_table TABLES[] = {{.rows = ROWS}, {0}};

/* The script: in STSFIT_EXEC_PATH, else where it lies beside an installed program or in a checkout.
 * To be freed; NULL: none. */
static char *find_script(void)
{
    static const char *const places[] = {"../libexec/stsfit", "scripts"};
    const char *set = getenv("STSFIT_EXEC_PATH");
    char *self = realpath("/proc/self/exe", NULL), *slash = self ? strrchr(self, '/') : NULL;
    if (slash) *slash = '\0';
    for (size_t i = 0; i < (set ? 1 : sizeof places / sizeof *places); i++) {
        const char *from = set ? set : self ? self : ".", *to = set ? "." : places[i];
        size_t n = strlen(from) + strlen(to) + sizeof "//stsfit-fetch";
        char *path = malloc(n);
        if (path) snprintf(path, n, "%s/%s/stsfit-fetch", from, to);
        if (path && !access(path, X_OK)) {
            free(self);
            return path;
        }
        free(path);
    }
    free(self);
    return NULL;
}

static int run(void *values, const opt_args *args)
{
    const fetch *f = values;
    const char *v[9];
    int n = 0;
    if (args->n != 1) {
        fprintf(stderr, "stsfit: fetch: name one model, e.g. stsfit fetch all-MiniLM-L6-v2\n");
        return STS_USAGE;
    }
    char *script = find_script();
    if (!script) {
        fprintf(stderr, "stsfit: fetch: stsfit-fetch is not installed with the program; "
                        "STSFIT_EXEC_PATH names its directory\n");
        return STS_FAILED;
    }
    v[n++] = script;
    if (f->c.quiet) v[n++] = "-q";
    if (f->output) {
        v[n++] = "--output";
        v[n++] = f->output;
    }
    v[n++] = "--revision";
    v[n++] = f->revision;
    v[n++] = args->v[0];
    v[n] = NULL;
    union {
        const char **in;
        char *const *out;
    } words = {v};
    execv(script, words.out);
    fprintf(stderr, "stsfit: fetch: cannot run %s: %s\n", script, strerror(errno));
    free(script);
    return STS_FAILED;
}

const command command_fetch = {
    .name = "fetch",
    .args = "NAME",
    .help = "download a model by its name",
    .text = "Downloads a sentence-transformers model by its name on the Hugging Face hub,\n"
            "e.g. all-MiniLM-L6-v2 or BAAI/bge-small-en-v1.5; -m NAME finds it afterwards.\n"
            "Needs curl or wget. A download that was cut off continues; files are compared\n"
            "with the hub's checksums. STSFIT_HUB (or HF_ENDPOINT) names a mirror.",
    .tables = TABLES,
    .size = sizeof(fetch),
    .run = run,
};
