/* clock.h - time and memory of this process. */
#ifndef STS_CORE_CLOCK_H
#define STS_CORE_CLOCK_H

#include <stddef.h>

double sts_clock(void);                       /* monotonic seconds */
void sts_clock_iso(char out[32]);             /* now, UTC, "2026-01-31T12:00:00Z" */
size_t sts_peak_rss(void);                    /* bytes; 0 where unknown */
const char *sts_cpu_name(char out[128]);      /* as the system calls it, or "unknown" */
int sts_cpu_count(void);                      /* processors this process may run on */

#endif
