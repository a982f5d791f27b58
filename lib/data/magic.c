/* magic.c - magic numbers of the files that people take for data. */
#include "data/magic.h"

#include <string.h>

#define PANDAS(reader) /* a command that makes CSV of a file */                                    \
    "python3 -c \"import pandas, sys; pandas." reader                                              \
    "(sys.argv[1]).to_csv(sys.argv[2], index=False)\" IN OUT.csv"

typedef struct kind {
    const char *magic, *what;
    size_t n;
} kind;

static const kind kinds[] = {
    {"\xff\xfe\0\0", "UTF-32 text; convert it with: iconv -f UTF-32 -t UTF-8", 4},
    {"\0\0\xfe\xff", "UTF-32 text; convert it with: iconv -f UTF-32 -t UTF-8", 4},
    {"\xff\xfe", "UTF-16 text; convert it with: iconv -f UTF-16 -t UTF-8", 2},
    {"\xfe\xff", "UTF-16 text; convert it with: iconv -f UTF-16 -t UTF-8", 2},
    {"\xfd" "7zXZ", "xz data; pipe it in with: xz -dc", 5},
    {"\x28\xb5\x2f\xfd", "zstd data; pipe it in with: zstd -dc", 4},
    {"\x04\x22\x4d\x18", "lz4 data; pipe it in with: lz4 -dc", 4},
    {"\x5d\0\0", "lzma data; pipe it in with: xz -dc --format=lzma", 3},
    {"\x1f\x9d", "data of compress; pipe it in with: gzip -dc", 2},
    {"\x1f\x8b", "gzip data within gzip data; inflate it once: gzip -dc", 2},
    {"7z\xbc\xaf\x27\x1c", "a 7z archive; unpack it with: 7z x", 6},
    {"Rar!\x1a", "a RAR archive; unpack it with: unrar x", 5},
    {"PAR1", "a Parquet file; convert it with: " PANDAS("read_parquet"), 4},
    {"ARROW1", "an Arrow (Feather) file; convert it with: " PANDAS("read_feather"), 6},
    {"FEA1", "a Feather file; convert it with: " PANDAS("read_feather"), 4},
    {"\xff\xff\xff\xff", "an Arrow stream, as datasets writes them; convert it with: python3 -c "
                         "\"import datasets, sys; datasets.Dataset.from_file(sys.argv[1])"
                         ".to_csv(sys.argv[2])\" IN OUT.csv", 4},
    {"Obj\x01", "an Avro file; export it as CSV or JSON lines", 4},
    {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "an old Office file (.xls or .doc); save it as CSV, or: "
                                         "libreoffice --convert-to csv", 8},
    {"\x93NUMPY", "an array of NumPy (.npy), not rows of text; the texts are elsewhere", 6},
    {"\x89HDF", "an HDF5 file; export it as CSV or TSV", 4},
    {"\x80\x02", "a Python pickle; convert it with: " PANDAS("read_pickle"), 2},
    {"\x80\x03", "a Python pickle; convert it with: " PANDAS("read_pickle"), 2},
    {"\x80\x04", "a Python pickle; convert it with: " PANDAS("read_pickle"), 2},
    {"\x80\x05", "a Python pickle; convert it with: " PANDAS("read_pickle"), 2},
    {"SQLite format 3", "an SQLite database; export a table with: sqlite3 -header -csv IN "
                        "'select * from TABLE'", 15},
    {"%PDF-", "a PDF document; export the table behind it as CSV", 5},
    {"{\\rtf", "an RTF document; save it as plain text", 5},
    {"\x89PNG", "a picture (PNG), not rows of text", 4},
    {"\xff\xd8\xff", "a picture (JPEG), not rows of text", 3},
    {"\x7f" "ELF", "a program, not rows of text", 4},
    {"GGUF\3\0\0", "a model (GGUF), not rows of text", 7},
    {"version https://git-lfs", "a Git LFS pointer, not the data; run: git lfs pull", 23},
};

static bool contains(sts_str s, const char *word)
{
    size_t n = strlen(word);
    for (size_t i = 0; i + n <= s.n; i++)
        if (!memcmp(s.s + i, word, n)) return true;
    return false;
}

/* A zip archive by what it holds: the names of its first members stand near its start. */
static const char *zip(sts_str start)
{
    sts_str near = {start.s, start.n < 4096 ? start.n : 4096};
    if (contains(near, "opendocument.spreadsheet") || contains(near, "xl/") ||
        contains(near, "[Content_Types].xml"))
        return "a spreadsheet (.xlsx or .ods, a zip archive); save it as CSV, or: "
               "libreoffice --convert-to csv";
    if (contains(near, ".npy")) return "arrays of NumPy (.npz), not rows of text";
    return "a zip archive; pipe what is in it in with: unzip -p";
}

/* UTF-16 without its mark has a NUL beside most characters of European texts. */
static const char *utf16(sts_str start)
{
    size_t n = start.n < 512 ? start.n & ~(size_t)1 : 512, nul[2] = {0, 0};
    for (size_t i = 0; i < n; i++) nul[i & 1] += !start.s[i];
    if (n < 4) return NULL;
    if (nul[1] * 4 > n && !nul[0])
        return "UTF-16 text without a byte order mark; convert it with: "
               "iconv -f UTF-16LE -t UTF-8";
    if (nul[0] * 4 > n && !nul[1])
        return "UTF-16 text without a byte order mark; convert it with: "
               "iconv -f UTF-16BE -t UTF-8";
    return NULL;
}

const char *sts_magic(sts_str start)
{
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (start.n >= kinds[i].n && !memcmp(start.s, kinds[i].magic, kinds[i].n))
            return kinds[i].what;
    if (start.n >= 10 && !memcmp(start.s, "BZh", 3) && !memcmp(start.s + 4, "1AY&SY", 6))
        return "bzip2 data; pipe it in with: bzip2 -dc";
    if (start.n >= 4 && !memcmp(start.s, "PK\3\4", 4)) return zip(start);
    if (start.n >= 262 && !memcmp(start.s + 257, "ustar", 5))
        return "a tar archive; pipe what is in it in with: tar -xOf";
    return utf16(start);
}

bool sts_may_be_cp1252(sts_str text)
{
    for (size_t i = 0; i < text.n; i++)
        if (text.s[i] && strchr("\x81\x8d\x8f\x90\x9d", text.s[i])) return false;
    return true;
}
