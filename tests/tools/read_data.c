/* read_data.c - reads a data file and prints its rows: what `make bench` times against cut. */
#include "data/dataset.h"

#include <stdio.h>

int main(int argc, char **argv)
{
    sts_err err = {0};
    sts_data_options o = {0};
    sts_dataset *d = argc == 2 ? sts_dataset_load(argv[1], &o, &err) : NULL;
    if (!d) {
        fprintf(stderr, "read_data: %s\n", argc == 2 ? err.text : "which file?");
        return 1;
    }
    printf("%zu\n", d->n);
    sts_dataset_free(d);
    return 0;
}
