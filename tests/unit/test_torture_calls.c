/* test_torture_calls.c - the loop over system calls of tests/torture, for test_torture.c. */
#include "../torture/calls.c"
