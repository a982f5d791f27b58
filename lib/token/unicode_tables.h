/* unicode_tables.h - ranges of code points, ascending; see scripts/unicode_tables.py. */
#ifndef STS_TOKEN_UNICODE_TABLES_H
#define STS_TOKEN_UNICODE_TABLES_H

#include <stddef.h>
#include <stdint.h>
#include <utf8proc.h>

typedef struct sts_range {
    uint32_t first, last;
} sts_range;

typedef struct sts_category_range {
    uint32_t first, last;
    utf8proc_category_t category;
} sts_category_range;

typedef struct sts_script_range {
    uint32_t first, last;
    unsigned script; /* a number of our own */
} sts_script_range;

extern const sts_range sts_range_punct[], sts_range_control[], sts_range_accent[], sts_range_mark[];
extern const size_t sts_range_punct_n, sts_range_control_n, sts_range_accent_n, sts_range_mark_n;
extern const sts_script_range sts_range_script[];
extern const size_t sts_range_script_n;
extern const sts_category_range sts_range_newer[];
extern const size_t sts_range_newer_n;

/* The category of a code point that Unicode 15 or 16 added, else UTF8PROC_CATEGORY_CN. */
int sts_newer_category(uint32_t cp);

#endif
