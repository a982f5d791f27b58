/* common.c - what the commands share. */
#include "common.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define KINDS 16 /* different warnings whose repetitions are counted */

static struct {
    bool quiet;
    size_t n;
    struct {
        char text[160];
        unsigned long again;
    } warning[KINDS];
} notes;

#define AT(field) .offset = offsetof(common, field)

const sts_option common_running[] = {
    {.kind = STS_OPT_GROUP, .help = "Running"},
    {.kind = STS_OPT_CHOICE, .name = "progress", .arg = "auto|bar|plain|none", AT(progress),
     .value = "auto", .help = "how progress is shown on stderr"},
    OPT_QUIET,
    {.kind = STS_OPT_FLAG, .name = "verbose", .letter = 'v', AT(verbose),
     .help = "print details on stderr too"},
    {0},
};

/* Whether a warning came before, whatever the step it begins with; it is counted then. */
static bool came_before(const char *text)
{
    const char *colon = strncmp(text, "step ", 5) ? NULL : strchr(text, ':');
    const char *body = colon ? colon + 2 : text;
    for (size_t i = 0; i < notes.n; i++) {
        if (strncmp(notes.warning[i].text, body, sizeof notes.warning[i].text - 1)) continue;
        notes.warning[i].again++;
        return true;
    }
    if (notes.n < KINDS)
        snprintf(notes.warning[notes.n++].text, sizeof notes.warning[0].text, "%s", body);
    return false;
}

/* A warning is printed once; how often it was repeated is printed at the end. */
static void note(void *ctx, sts_level level, const char *text)
{
    (void)ctx;
    if (notes.quiet || (level == STS_WARN && came_before(text))) return;
    progress_clear();
    fprintf(stderr, "stsfit: %s%s\n", level == STS_WARN ? "warning: " : "", text);
}

static void print_repeated(void)
{
    for (size_t i = 0; i < notes.n; i++) {
        unsigned long again = notes.warning[i].again;
        if (again)
            fprintf(stderr, "stsfit: %lu more times: %s\n", again, notes.warning[i].text);
        notes.warning[i].again = 0;
    }
}

static const char *invoked = "stsfit";

void common_invoked_as(const char *name)
{
    if (name && *name) invoked = name;
}

char *common_program(void)
{
    return sts_shell_word(invoked);
}

char *common_command_line(const char *name, const opt_args *args)
{
    char start[64];
    snprintf(start, sizeof start, "stsfit %s", name);
    char *line = strdup(start);
    for (int i = 0; i < args->n_words && line; i++) {
        char *word = sts_shell_word(args->words[i]);
        char *longer = word ? realloc(line, strlen(line) + strlen(word) + 2) : NULL;
        if (longer) strcat(strcat(longer, " "), word);
        else free(line);
        line = longer;
        sts_free_text(word);
    }
    return line;
}

void common_open_standard(void)
{
    for (int fd = 0; fd < 3; fd++)
        if (fcntl(fd, F_GETFD) == -1 && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
            _exit(STS_FAILED);
}

static void on_signal(int number)
{
    sts_writer_unlink_all(); /* NOLINT(bugprone-signal-handler,cert-sig30-c): unlinkat alone */
    signal(number, SIG_DFL);
    raise(number);
}

/* A signal that ends the program leaves no temporary files; a file that grows too large is an error
 * like a full disk. */
static void catch_signals(void)
{
    const int ends[] = {SIGINT, SIGTERM, SIGHUP};
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (signal(ends[i], on_signal) == SIG_IGN) signal(ends[i], SIG_IGN);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
}

static sts_env *env;

sts_env *common_env(void)
{
    return env;
}

int common_open_env(sts_err *err)
{
    env = sts_env_new(err);
    if (env) sts_env_command_line(env, true);
    sts_env_use(env);
    return env ? 0 : -1;
}

void common_close_env(void)
{
    sts_env_free(env);
    env = NULL;
}

void common_start(common *c)
{
    catch_signals();
    notes.quiet = c->quiet;
    sts_env_threads(env, (int)c->threads);
    sts_env_notes(env, note, NULL);
    progress_start(c, env);
}

sts_model *common_model(const common *c, sts_err *err)
{
    sts_model *m = sts_model_load(c->model, err);
    if (!m ||
        (!sts_model_set(m, c->max_seq_length, c->batch_size, c->dims, c->precision, err) &&
         !sts_model_set_prompts(m, &c->prompts, err)))
        return m;
    sts_model_free(m);
    return NULL;
}

const char *common_input(const char *name, const opt_args *args)
{
    sts_err err = {0};
    const char *path = args->n ? args->v[0] : "-";
    if (args->n > 1) {
        const char *sides = "; or, for the two sides of pairs: paste A B | stsfit score";
        fprintf(stderr,
                "stsfit: %s: reads one file, or stdin, and %d are given: run it for each, or join "
                "them: cat A B | stsfit %s%s\n",
                name, args->n, name, strcmp(name, "score") ? "" : sides);
        return NULL;
    }
    if (!sts_output_check("/dev/stdout", &path, 1, &err)) return path;
    common_fail(&err);
    return NULL;
}

int common_check_calibration(const char *type, const char *calibration)
{
    if (!calibration || !strcmp(type, "int8")) return 0;
    fprintf(stderr, "stsfit: --calibration: %s has no ranges: give --vectors int8 too\n", type);
    return STS_USAGE;
}

int common_fail(const sts_err *err)
{
    progress_clear();
    print_repeated();
    int code = err->code ? err->code : STS_FAILED;
    const char *who = sts_comm_failed(code);
    if (who && *err->text) fprintf(stderr, "stsfit: %s%s\n", who, err->text);
    return code;
}

static int write_error; /* errno of the first write that failed */

int common_print_json(const char *dir, const char *name)
{
    sts_err err = {0};
    char path[4096];
    snprintf(path, sizeof path, "%s/%s", dir, name);
    char *text = sts_json_read(path, STS_FAILED, &err);
    if (!text) return common_fail(&err);
    common_write(stdout, text, strlen(text));
    sts_free_text(text);
    return 0;
}

bool common_write(FILE *f, const void *buf, size_t n)
{
    if (fwrite(buf, 1, n, f) == n) return true;
    if (!write_error) write_error = errno;
    return false;
}

void common_tell(const char *text, const char *name)
{
    char shown[4096];
    fprintf(stderr, "%s %s\n", text, sts_quote(shown, sizeof shown, name, strlen(name)));
}

/* Shows why `what` could not be written, as the first failed write found out; the exit code. */
static int write_failed(const char *what)
{
    if (!write_error) write_error = errno;
    char shown[512];
    sts_quote(shown, sizeof shown, what, strlen(what));
    fprintf(stderr, "stsfit: cannot write %s: %s\n", shown, strerror(write_error));
    return STS_FAILED;
}

int common_finish(int code)
{
    progress_clear();
    print_repeated();
    bool bad = fflush(stdout) || ferror(stdout);
    if (!bad) return code;
    if (!write_error) write_error = errno;
    if (write_error == EPIPE) return 0;
    write_failed("the output");
    return code ? code : STS_FAILED;
}
