/* advice.c - scores and files that people have, and how to turn them into what can be read. */
#include "data/advice.h"

#include <string.h>
#include <strings.h>

/* ---- scores ---- */

static size_t count(sts_str s, const char *set)
{
    size_t n = 0;
    for (size_t i = 0; i < s.n; i++) n += s.s[i] && strchr(set, s.s[i]);
    return n;
}

static bool is_one_of(sts_str s, const char *const *words)
{
    for (; *words; words++)
        if (strlen(*words) == s.n && !strncasecmp(*words, s.s, s.n)) return true;
    return false;
}

static const char *advise_word(sts_str s, bool numbers)
{
    static const char *const nli[] = {"entailment", "neutral", "contradiction", NULL};
    static const char *const truth[] = {"true", "false", NULL};
    if (is_one_of(s, nli)) return "; give --labels entailment=1,neutral=0.5,contradiction=0";
    if (s.n == 1 && *s.s == '-')
        return "; where it stands for no label: --labels ...,-= leaves such rows out";
    if (is_one_of(s, truth)) return "; give --labels with a value for each word, such as "
                                    "true=1,false=0";
    return numbers || s.n > 40 ? "" : "; words are given values by --labels, such as yes=1,no=0";
}

const char *sts_advise_score(sts_str s, bool numbers)
{
    size_t digits = count(s, "0123456789"), commas = count(s, ",");
    bool number = digits && digits + commas + count(s, ".+-") == s.n;
    if (number && commas)
        return "; the comma: remove it where it separates thousands, write a point where it is "
               "the decimal one";
    if (digits && digits + count(s, ". %") == s.n && s.s[s.n - 1] == '%')
        return "; remove the percent signs and give --score-range 0:100";
    if (digits && count(s, "/") == 1 && digits + 1 == s.n)
        return "; keep what is before the slash, and give what is after it as the end of "
               "--score-range";
    if (digits && s.s[0] == '\'') return "; remove the apostrophe";
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.s[i] >= 0x80 && !digits && !count(s, "abcdefghijklmnopqrstuvwxyz"))
            return "; digits are 0 to 9";
    if (digits && count(s, ".-/ ") && digits < s.n)
        return "; a date? spreadsheets take 4.5 for one: set the column to text and export again";
    return digits ? "" : advise_word(s, numbers);
}

/* ---- JSON ---- */

static size_t skip_blanks(sts_str s, size_t i)
{
    while (i < s.n && s.s[i] && strchr(" \t\r\n", s.s[i])) i++;
    return i;
}

/* The byte behind the string that opens at i. */
static size_t skip_string(sts_str s, size_t i)
{
    for (i++; i < s.n && s.s[i] != '"'; i++)
        if (s.s[i] == '\\') i++;
    return i + 1;
}

/* The member of an object from i on, just behind '{' or ','. Its value's first byte, 0 where that
 * cannot be seen, and the first one within a list; returns what is behind a value that is neither
 * list nor object. */
static size_t next_value(sts_str s, size_t i, char *value, char *within)
{
    *value = *within = 0;
    i = skip_blanks(s, i);
    if (i >= s.n || s.s[i] != '"') return s.n;
    i = skip_blanks(s, skip_string(s, i));
    if (i >= s.n || s.s[i] != ':') return s.n;
    i = skip_blanks(s, i + 1);
    if (i >= s.n) return s.n;
    *value = s.s[i];
    size_t inner = skip_blanks(s, i + 1);
    if (inner < s.n) *within = s.s[inner];
    if (*value == '"') return skip_blanks(s, skip_string(s, i));
    while (i < s.n && s.s[i] != ',' && s.s[i] != '}') i++;
    return i;
}

/* Rows in a list under a name, perhaps behind members that are not lists. */
static bool has_rows(sts_str head, size_t i)
{
    char value = ',', within;
    for (i++; i < head.n && value != '[' && value != '{';) {
        i = next_value(head, i, &value, &within);
        if (value == '[' && within == '{') return true;
        if (i >= head.n || head.s[i] != ',') break;
        i++;
    }
    return false;
}

#define COLUMNS /* turns an object of lists, or of objects by number, into rows */                 \
    "jq -c '[to_entries[] | .key as $k | [.value[]] | map({($k): .})] | transpose[] | add'"

const char *sts_advise_json(sts_str head)
{
    char value, within;
    size_t i = skip_blanks(head, 0), j = skip_blanks(head, i + 1);
    if (i >= head.n || j >= head.n) return NULL;
    if (head.s[i] == '[' && head.s[j] == '{')
        return "this is a JSON array; write one object per line with: jq -c '.[]'";
    if (head.s[i] == '[' && head.s[j] == '[')
        return "this is a JSON array of rows; write TSV with: jq -r '.[] | @tsv'";
    if (head.s[i] == '[' && head.s[j] == '"')
        return "rows are JSON arrays; write TSV with: jq -r '@tsv'";
    if (head.s[i] != '{') return NULL;
    if (has_rows(head, i))
        return "this is one JSON object with rows in a list; write one object per line with: "
               "jq -c '.[] | arrays | .[]'";
    next_value(head, i + 1, &value, &within);
    if (value == '[' || value == '{')
        return "this is one JSON object with a list for each column; write one object per line "
               "with: " COLUMNS;
    return memchr(head.s + i, '\n', j - i)
               ? "this is JSON over several lines; write one object per line with: jq -c ."
               : NULL;
}

/* ---- files ---- */

/* Do bars, and no tabs, separate what the first two lines hold? */
static bool has_bars(sts_str head)
{
    size_t bars[2] = {0};
    for (size_t i = 0, line = 0; i < head.n && line < 2; i++) {
        if (head.s[i] == '\t') return false;
        bars[line] += head.s[i] == '|';
        line += head.s[i] == '\n';
    }
    return bars[0] && bars[0] == bars[1];
}

const char *sts_advise_file(sts_str head)
{
    size_t i = skip_blanks(head, 0);
    if (i == head.n) return NULL;
    if (head.s[i] == '<') return "this looks like HTML or XML, not like rows of text";
    if (head.s[i] == '[') return sts_advise_json(head);
    return has_bars(head) ? "columns separated by |; make tabs of them with: tr '|' '\\t'" : NULL;
}
