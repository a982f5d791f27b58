/* textbuf.h - a text that grows. */
#ifndef STS_TOKEN_TEXTBUF_H
#define STS_TOKEN_TEXTBUF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sts_text {
    char *s; /* NUL-terminated only by accident */
    size_t n, cap;
    size_t limit; /* it may not grow past so many bytes; 0: as it likes */
    bool over;   /* it was to grow past them */
    size_t first; /* leading bytes that come from the input's first character: Metaspace asks */
} sts_text;

/* Makes room for `more` bytes past n. 0, or -1 when memory is out or `limit` is passed. */
int sts_text_room(sts_text *t, size_t more);
int sts_text_add(sts_text *t, const char *s, size_t n);
void sts_text_free(sts_text *t);

#endif
