/* hooks.c - a host that has cJSON with allocators of its own, opens the library, and closes it: its
 * trees stay its own. hooks LIBRARY MODEL */
#include <cjson/cJSON.h>
#include <stsfit.h>

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define MARK 64 /* bytes that our allocator puts before what it gives */

static size_t taken, given_back;

static void *take(size_t n)
{
    char *p = malloc(n + MARK);
    if (!p) return NULL;
    taken++;
    memset(p, 0x5a, MARK);
    return p + MARK;
}

static void give_back(void *p)
{
    if (!p) return;
    char *base = (char *)p - MARK;
    for (int i = 0; i < MARK; i++)
        if (base[i] != 0x5a) abort(); /* another allocator's */
    given_back++;
    free(base);
}

static cJSON *make_tree(void)
{
    cJSON *t = cJSON_Parse("{\"a\":[1,2,{\"b\":\"c\"}]}");
    cJSON_AddStringToObject(t, "d", "e");
    return t;
}

int main(int argc, char **argv)
{
    if (argc != 3) return 2;
    cJSON_Hooks ours = {take, give_back};
    cJSON_InitHooks(&ours);
    cJSON *before = make_tree();
    size_t then = taken;
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (!library) return fprintf(stderr, "%s\n", dlerror()), 1;
    char *(*info)(const char *, sts_info_form, sts_err *);
    void (*free_text)(void *);
    *(void **)&info = dlsym(library, "sts_info");
    *(void **)&free_text = dlsym(library, "sts_free_text");
    sts_err err = {0, ""};
    char *text = info(argv[2], STS_INFO_JSON, &err);
    if (!text) return fprintf(stderr, "%s\n", err.text), 1;
    free_text(text);
    if (taken != then) return fprintf(stderr, "the library took %zu of ours\n", taken - then), 1;
    cJSON *during = make_tree();
    dlclose(library);
    cJSON *after = make_tree();
    cJSON_Delete(before);
    cJSON_Delete(during);
    cJSON_Delete(after);
    if (taken != given_back) return fprintf(stderr, "%zu of %zu\n", given_back, taken), 1;
    return puts("as before") < 0;
}
