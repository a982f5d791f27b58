/* magic.h - what is not text in UTF-8, by its first bytes, and how to make text of it. */
#ifndef STS_DATA_MAGIC_H
#define STS_DATA_MAGIC_H

#include "stsfit.h"

/* "xz data; pipe it in with: xz -dc", for the start of a file; NULL: it may be text. */
const char *sts_magic(sts_str start);

/* Whether Windows-1252 gives each byte from 0x80 on a character. */
bool sts_may_be_cp1252(sts_str text);

#endif
