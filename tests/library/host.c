/* host.c - a host that opens the library and closes it, twenty times: texts are encoded with two
 * threads, in a child after a fork, and on a thread with a stack of 256 KB; the host's signal
 * handlers, umask and rounding stay as they are. host LIBRARY MODEL */
#include <stsfit.h>

#include <dlfcn.h>
#include <fenv.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { TURNS = 20, TEXTS = 64, STACK = 256 * 1024 };

static struct {
    sts_model *(*load)(const char *, sts_err *);
    void (*free)(sts_model *);
    int (*width)(const sts_model *);
    int (*encode)(const sts_model *, const sts_str *, size_t, float *, bool *, sts_err *);
    sts_env *(*env_new)(sts_err *);
    void (*env_free)(sts_env *), (*env_threads)(sts_env *, int);
    sts_env *(*env_use)(sts_env *);
} sts;

static sts_model *model;

static int find(void *library)
{
    const struct {
        const char *name;
        void *at;
    } call[] = {{"sts_model_load", &sts.load},       {"sts_model_free", &sts.free},
                {"sts_model_width", &sts.width},     {"sts_encode", &sts.encode},
                {"sts_env_new", &sts.env_new},       {"sts_env_free", &sts.env_free},
                {"sts_env_threads", &sts.env_threads}, {"sts_env_use", &sts.env_use}};
    for (size_t i = 0; i < sizeof call / sizeof *call; i++) {
        void *address = dlsym(library, call[i].name);
        if (!address) return -1;
        memcpy(call[i].at, &address, sizeof address);
    }
    return 0;
}

/* Encodes with two threads; not NULL where it fails. */
static void *encode(void *unused)
{
    (void)unused;
    sts_err err = {0, ""};
    sts_str text[TEXTS];
    for (int i = 0; i < TEXTS; i++) text[i] = (sts_str){"A dog runs in the park.", 23};
    float *out = malloc((size_t)(TEXTS * sts.width(model)) * sizeof *out);
    sts_env *env = sts.env_new(&err);
    if (!out || !env) return &model;
    sts.env_threads(env, 2);
    sts.env_use(env);
    int rc = sts.encode(model, text, TEXTS, out, NULL, &err);
    if (rc) fprintf(stderr, "%s\n", err.text);
    sts.env_use(NULL);
    sts.env_free(env);
    free(out);
    return rc ? &model : NULL;
}

static int turn(const char *path, const char *dir)
{
    void *library = dlopen(path, RTLD_NOW | RTLD_LOCAL), *failed = NULL;
    sts_err err = {0, ""};
    if (!library || find(library)) return fprintf(stderr, "%s\n", dlerror()), 1;
    if (!(model = sts.load(dir, &err))) return fprintf(stderr, "%s\n", err.text), 1;
    if (encode(NULL)) return 1;
    int status = 1;
    pid_t child = fork();
    if (child == 0) _exit(encode(NULL) != NULL);
    if (waitpid(child, &status, 0) != child || status) return 1;
    pthread_attr_t small;
    pthread_t thread;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, STACK);
    if (pthread_create(&thread, &small, encode, NULL)) return 1;
    pthread_join(thread, &failed);
    sts.free(model);
    dlclose(library);
    return failed != NULL;
}

static int is_default(int number)
{
    struct sigaction a;
    return !sigaction(number, NULL, &a) && a.sa_handler == SIG_DFL;
}

int main(int argc, char **argv)
{
    static const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGPIPE, SIGFPE, SIGALRM, SIGCHLD};
    if (argc != 3) return 2;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) signal(signals[i], SIG_DFL);
    umask(027);
    fesetround(FE_DOWNWARD);
    for (int i = 0; i < TURNS; i++)
        if (turn(argv[1], argv[2])) return fprintf(stderr, "turn %d\n", i), 1;
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        if (!is_default(signals[i])) return fprintf(stderr, "signal %d\n", signals[i]), 1;
    if (umask(0) != 027) return fprintf(stderr, "umask\n"), 1;
    return fegetround() == FE_DOWNWARD ? 0 : (fprintf(stderr, "rounding\n"), 1);
}
