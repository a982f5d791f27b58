/* page_html.h - what the sections of the page share: escaped printing, numbers for people, figures,
 * legends, tables. Colours: series 0 is "after", series 1 "before", 7 is gold. */
#ifndef STS_REPORT_PAGE_HTML_H
#define STS_REPORT_PAGE_HTML_H

#include "eval/evaluate.h"
#include "report/page.h"
#include "report/svg.h"

enum { STS_AFTER = 0, STS_BEFORE = 1, STS_GOLD = 7 };

/* ---- report.json ---- */
/* "evaluations.after.dev.mse" of an object: the number, or NAN; the text, or NULL; anything, or
 * NULL. */
double sts_page_num(const sts_json *object, const char *path);
const char *sts_page_str(const sts_json *object, const char *path);
const sts_json *sts_page_get(const sts_json *object, const char *path);

/* ---- numbers for people; all return out ---- */
typedef char sts_shown[40];
const char *sts_show_hundred(double x, sts_shown out); /* 0.8672: "86.72" */
const char *sts_show_gain(double x, sts_shown out);    /* 0.0241: "+2.41" */
const char *sts_show_count(double x, sts_shown out);   /* 5749: "5,749" */
const char *sts_show_seconds(double x, sts_shown out); /* 252: "4 min 12 s" */
const char *sts_show_bytes(double x, sts_shown out);   /* "431 MB" */
const char *sts_show_number(double x, sts_shown out);  /* as short as six digits can say it */
const char *sts_show_p(double p, sts_shown out);       /* "p = 0.034", "p ≤ 0.001" */

/* A key as words: "peak_memory" as "peak memory"; cut to fit. Returns out. */
typedef char sts_words[64];
const char *sts_show_key(const char *key, sts_words out);

/* "2026-01-31T12:00:00Z": "2026-01-31 12:00 UTC"; other texts, or NULL, give "". Returns out. */
const char *sts_page_time(const char *iso, sts_shown out);

/* "sts-dev.tsv" of "/data/sts-dev.tsv", "run" of "a/run/"; cut to fit. Returns out. */
typedef char sts_base[200];
const char *sts_page_base(const char *path, sts_base out);

/* ---- pieces ---- */
void sts_section_begin(sts_strbuf *out, const char *title, const char *about);
void sts_section_end(sts_strbuf *out);

/* A figure with its caption; sts_plot_begin ... sts_plot_end go between. */
void sts_figure_begin(sts_strbuf *out, const char *title, const char *about);
void sts_figure_end(sts_strbuf *out);

/* One entry of a legend, in a list that sts_legend_begin opens. */
void sts_legend_begin(sts_strbuf *out);
void sts_legend_item(sts_strbuf *out, int series, bool line, const char *name);
void sts_legend_end(sts_strbuf *out);

/* "key: value" in a list of settings; a NULL value is left out. */
void sts_page_fact(sts_strbuf *out, const char *key, const char *value);

/* A JSON value in one line, into a new text (sts_free); NULL when memory is out. */
char *sts_page_value(const sts_json *value);

/* The least and greatest finite value so far. */
void sts_page_span(double *lo, double *hi, double x);

/* ---- sections: page_summary.c, page_search.c, page_curves.c, page_pairs.c, page_classes.c,
 * page_bands.c, page_facts.c, page_runs.c, page_style.c ---- */
void sts_page_summary(sts_strbuf *out, const sts_page_run *r);
void sts_page_search(sts_strbuf *out, const sts_page_run *r);
void sts_page_curves(sts_strbuf *out, const sts_page_run *run, size_t n);
void sts_page_predictions(sts_strbuf *out, const sts_predictions *p, const sts_json *report,
                          const char *part);
void sts_page_worst_pairs(sts_strbuf *out, const sts_page_run *r);
void sts_page_data(sts_strbuf *out, const sts_page_run *r);
void sts_page_settings(sts_strbuf *out, const sts_page_run *r);
void sts_page_reproduce(sts_strbuf *out, const sts_page_run *r);
void sts_page_comparison(sts_strbuf *out, const sts_page_run *run, size_t n);
/* Figures of errors by band: for sts_page_predictions. */
void sts_page_error_by_score(sts_strbuf *out, const sts_predictions *p, const sts_json *report);
void sts_page_error_by_length(sts_strbuf *out, const sts_predictions *p);
void sts_page_calibration(sts_strbuf *out, const sts_predictions *p);
/* Two classes, where the predictions have such: for the same. */
void sts_page_classes(sts_strbuf *out, const sts_predictions *p, const sts_json *report,
                      const char *part);
extern const char *const sts_page_style[]; /* pieces, ending with NULL */

/* Whether the predictions after training order the pairs better than those of `base` (NULL: than
 * those before), which are of the same pairs. -1 when memory is out. */
int sts_page_paired(const sts_predictions *p, const sts_predictions *base, sts_paired *out,
                    sts_err *err);

#endif
