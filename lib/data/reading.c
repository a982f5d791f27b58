/* reading.c - the options of how data files are read, as a table of their own. */
#include "data/reading.h"

const sts_option *sts_data_rows(void)
{
    static const sts_option rows[] = {STS_READING_ROWS(0), {0}};
    return rows;
}
