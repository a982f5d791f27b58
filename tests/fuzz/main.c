/* main.c - runs a harness over files, or over stdin when none is named: for regressions, for
 * debugging, and for AFL++ with the file as @@. */
#include "fuzz.h"

static int run(const char *path)
{
    sts_err err = {0};
    size_t n;
    char *data = sts_file_read(path, (size_t)1 << 30, STS_FAILED, &n, &err);
    if (!data) return fprintf(stderr, "%s\n", err.text), 1;
    uint8_t *exact = malloc(n ? n : 1); /* no byte behind it, so that reading past the end shows */
    if (exact) memcpy(exact, data, n);
    sts_free(data);
    if (exact) LLVMFuzzerTestOneInput(exact, n);
    free(exact);
    return 0;
}

int main(int argc, char **argv)
{
    int rc = argc < 2 ? run("-") : 0;
    for (int i = 1; i < argc; i++) rc |= run(argv[i]);
    return rc;
}
