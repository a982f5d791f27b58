/* quote.h - what messages show of paths; sts_quote (stsfit_file.h) is for any bytes. */
#ifndef STS_CORE_QUOTE_H
#define STS_CORE_QUOTE_H

#include "stsfit.h"

/* A path as messages show it: "stdin" for "-", '' for an empty one, the last part of a very long
 * one. Returns out. */
#define STS_SHOWN_PATH 256
const char *sts_show_path(char out[STS_SHOWN_PATH], const char *path);

#endif
