/* test_torture_exchanges.c - the loop over exchanges of tests/torture, for test_torture.c. */
#include "../torture/exchanges.c"
