/* run_page.c - RUN/report.html, which each run gets at its end. */
#include "report/run_report.h"

#include "core/file.h"
#include "core/mem.h"
#include "report/page.h"

#include <string.h>

int sts_run_page(const sts_run *r, const sts_json *report, sts_err *err)
{
    sts_page_run run = {0};
    char *path = sts_path_join(r->dir, STS_PAGE), *page = NULL;
    int rc = path ? sts_page_run_load(&run, r->dir, report, err) : sts_fail_memory(err, r->dir);
    if (!rc) rc = (page = sts_page_render(&run, 1, err)) ? 0 : -1;
    if (!rc) rc = sts_file_write(path, page, strlen(page), err);
    sts_page_run_free(&run);
    sts_free(page);
    sts_free(path);
    return rc;
}
