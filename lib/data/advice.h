/* advice.h - what to do about a value or a file that is not as it should be, in words. */
#ifndef STS_DATA_ADVICE_H
#define STS_DATA_ADVICE_H

#include "stsfit.h"

/* For a score that is not a number: "; remove the percent signs and ...", or "" when nothing is
 * known about it. `numbers`: others are. */
const char *sts_advise_score(sts_str score, bool numbers);

/* For a file that starts like JSON, but not like JSON lines: what it is and a command that makes
 * lines of it; NULL: none of that. */
const char *sts_advise_json(sts_str head);

/* For a file in which no rows were found, by its first bytes: what people mistake for rows (the
 * above, HTML, columns between bars) and what to do; NULL: none of that. */
const char *sts_advise_file(sts_str head);

#endif
