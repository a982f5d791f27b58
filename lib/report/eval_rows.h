/* eval_rows.h - the rows of `stsfit eval --predictions`. */
#ifndef STS_REPORT_EVAL_ROWS_H
#define STS_REPORT_EVAL_ROWS_H

#include "data/corpus.h"
#include "eval/evaluate.h"

#define STS_EVAL_ROWS_HEAD "sentence1\tsentence2\tscore\tpredicted\t%s\tfile\n" /* the similarity */

/* The rows of the file `name`, whose scores are of lo..hi: nothing for triplets. 0, or -1. */
int sts_eval_rows_write(sts_writer *w, const char *name, const sts_corpus *c,
                        const sts_evaluation *e, const double range[2], sts_err *err);

#endif
