/* search_text.h - what a search came to, for people. */
#ifndef STS_REPORT_SEARCH_TEXT_H
#define STS_REPORT_SEARCH_TEXT_H

#include "train/search.h"

/* The trials, the best first, and what they say; freed by sts_free. NULL when memory is out. */
char *sts_search_table(const sts_search *s);

#endif
