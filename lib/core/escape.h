/* escape.h - a name or a text out of a file, made harmless for where it is shown. One function for
 * each place; the others are sts_quote (a message), sts_html (report/svg.h), sts_yaml_text
 * (report/yaml.h), sts_json_print (core/json.h) and sts_shell_word (a command to copy). */
#ifndef STS_CORE_ESCAPE_H
#define STS_CORE_ESCAPE_H

#include "core/strbuf.h"

/* On a terminal: as sts_quote, but whole, and with blanks up to `width` bytes. */
void sts_put_shown(sts_strbuf *out, const char *s, size_t width);

/* The same at the start of a line of a table: a longer name gets a line of its own. */
void sts_put_name(sts_strbuf *out, const char *s, size_t width);

/* In a JSON text: s[n], UTF-8, as a string with its quotes. */
void sts_put_json(sts_strbuf *out, const char *s, size_t n);

/* In Markdown, a cell of a table included. */
void sts_put_markdown(sts_strbuf *out, const char *s);

#endif
