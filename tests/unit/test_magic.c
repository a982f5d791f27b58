/* test_magic.c - what is told apart from text by its first bytes. */
#include "data/magic.h"

#include <criterion/criterion.h>
#include <string.h>

#define START(s) {s, sizeof s - 1}

Test(magic, kinds)
{
    static const struct {
        sts_str start;
        const char *says;
    } cases[] = {
        {START("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\0\0"), ".xls"},
        {START("PK\3\4\24\0\0\0\0\0[Content_Types].xml"), ".xlsx"},
        {START("PK\3\4\24\0\0\0\0\0application/vnd.oasis.opendocument.spreadsheet"), ".ods"},
        {START("PK\3\4\24\0\0\0\0\0pairs.tsv"), "unzip -p"},
        {START("PK\3\4\24\0\0\0\0\0a.npy"), ".npz"},
        {START("PAR1\25\0"), "read_parquet"},
        {START("ARROW1\0\0"), "read_feather"},
        {START("\xff\xff\xff\xff\x80\2\0\0"), "Dataset.from_file"},
        {START("BZh61AY&SY"), "bzip2 -dc"},
        {START("\xfd" "7zXZ\0"), "xz -dc"},
        {START("\x28\xb5\x2f\xfd\0"), "zstd -dc"},
        {START("7z\xbc\xaf\x27\x1c\0"), "7z x"},
        {START("\x93NUMPY\1\0"), "NumPy"},
        {START("%PDF-1.7"), "PDF"},
        {START("a\0\t\0b\0\n\0"), "UTF-16LE"},
        {START("\0a\0\t\0b\0\n"), "UTF-16BE"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = sts_magic(cases[i].start);
        cr_assert(got && strstr(got, cases[i].says), "%s: %s", cases[i].says, got ? got : "text");
    }
}

Test(magic, text_is_text)
{
    static const sts_str cases[] = {
        START("BZhang is a name\t5"), START("ORCA whales\tswim"), START("Rar!e words"),
        START("PKW\tcar"), START("GGUF is a format\t1"), START("a"), START(""),
        START("\xef\xbb\xbfsentence1"), START("\xd0\x9f\xd0\xb5\xd1\x81\t"),
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        cr_assert(!sts_magic(cases[i]), "%zu", i);
}

Test(magic, windows_1252)
{
    cr_assert(sts_may_be_cp1252((sts_str)START("caf\xe9 \x93quoted\x94")));
    cr_assert(!sts_may_be_cp1252((sts_str)START("\x81")));
}
