/* reading.c - the options of how data files are read: their table, and how they fit the files. */
#include "data/reading.h"

#include "core/err.h"
#include "data/layout.h"
#include "data/scale.h"

#include <string.h>

const sts_option *sts_data_rows(void)
{
    static const sts_option rows[] = {STS_READING_ROWS(0), {0}};
    return rows;
}

sts_data_options sts_reading_of_dev(const sts_data_options *o)
{
    sts_data_options dev = *o;
    if (sts_format_is_lines(o->format)) dev.format = NULL;
    return dev;
}

sts_data_options sts_reading_of_guard(const sts_data_options *o, const char *path)
{
    return (sts_data_options){
        .score_range = sts_scale_names(o->score_range, path) ? o->score_range : NULL,
        .skip_bad = o->skip_bad,
        .plain_pairs = true,
        .named = o->named,
    };
}

static size_t count_stdin(const char *path)
{
    return path && !strcmp(path, "-");
}

int sts_reading_check(const sts_data_options *o, const char *const *paths, size_t n,
                      const char *const *beside, sts_err *err)
{
    size_t times = 0;
    if (sts_require_files(paths, n, err)) return -1;
    for (size_t i = 0; i < n; i++) times += count_stdin(paths[i]);
    for (size_t i = 0; beside && i < STS_BESIDE; i++) times += count_stdin(beside[i]);
    if (times > 1)
        return sts_fail(err, STS_USAGE, "- (standard input) is given %zu times and can be read "
                        "once: save it to a file and give that", times);
    return o ? sts_scale_check(o, paths, n, beside, err) : 0;
}
