/* run_data.h - the data of a finished run, read again as the run read it. */
#ifndef STS_DATA_RUN_DATA_H
#define STS_DATA_RUN_DATA_H

#include "data/corpus.h"

/* A run's report.json with names as they were. NULL (STS_DATA) where it cannot be read. */
sts_json *sts_run_report_load(const char *path, sts_err *err);

/* The dev set of the run in `run`, by its report: the dev file, or the tenth that was held out
 * of the training data. `rest` owns the texts then; both are freed by sts_corpus_free. STS_DATA
 * when the files have changed since, or were standard input. 0, or -1. */
int sts_run_data_dev(const char *run, const sts_json *report, sts_corpus *dev, sts_corpus *rest,
                     sts_err *err);

/* The same by the report in `run`. STS_USAGE when there is none. */
int sts_run_data_own(const char *run, sts_corpus *dev, sts_corpus *rest, sts_err *err);

#endif
