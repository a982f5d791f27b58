/* test_torture_scratch.c - the scratch directory of tests/torture, for test_torture.c. */
#include "../torture/scratch.c"
