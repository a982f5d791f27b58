/* test_torture_crashes.c - the loop over crashes of tests/torture, for test_torture.c. */
#include "../torture/crashes.c"
