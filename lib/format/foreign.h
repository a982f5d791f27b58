/* foreign.h - what lies in a directory instead of weights that can be read here. */
#ifndef STS_FORMAT_FOREIGN_H
#define STS_FORMAT_FOREIGN_H

#include <stddef.h>

#define STS_FOREIGN_TEXT 400

/* Fills out with what other programs' weights are in `dir` and what to do about them, or with an
 * empty text when there are none (or the directory cannot be read). Returns out. */
const char *sts_foreign_weights(const char *dir, char out[STS_FOREIGN_TEXT]);

#endif
