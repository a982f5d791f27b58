/* test_torture_places.c - the set of call sites of tests/torture, for test_torture.c. */
#include "../torture/places.c"
