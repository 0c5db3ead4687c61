/* SPDX-License-Identifier: MIT */
/*
 * Runs a fuzz target without libFuzzer, so that an ordinary test run has some bite: every file given (or lying in a
 * folder given) is replayed as it is, then some hundred mutations of each.
 *
 *     fuzz_NAME [FILE|FOLDER...]     $FUZZ_RUNS mutations a file (300), from $FUZZ_SEED (1)
 *
 * The mutations are the same in every run with the same seed. An input that ends the program is left in crash-NAME in
 * the working directory; hand that file to the program to see it again.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* there if the program is built with a sanitizer */
extern void __sanitizer_set_death_callback(void (*callback)(void)) __attribute__((weak));

enum { INPUT_MAX = 1 << 16, SLOW_S = 20 };

struct input {
    uint8_t *data;
    size_t size;
    char *name;
};

static struct {
    struct input *seeds;
    size_t seed_count;
    /* what runs now, for the crash file */
    const uint8_t *data;
    size_t size;
    const char *seed_name;
    unsigned long mutation;
    char crash_path[256];
} run;

static void save_input(void)
{
    if (run.data == NULL)
        return;
    int fd = open(run.crash_path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    if (fd >= 0) {
        ssize_t written = write(fd, run.data, run.size);
        (void)written;
        close(fd);
    }
    fprintf(stderr, "the input is in %s: %zu bytes, mutation %lu of %s\n", run.crash_path, run.size, run.mutation,
            run.seed_name);
    run.data = NULL;
}

static void on_signal(int number)
{
    if (number == SIGALRM)
        fprintf(stderr, "one input takes more than %d s\n", SLOW_S);
    save_input();
    signal(number, SIG_DFL);
    raise(number);
}

/* splitmix64 */
static uint64_t next_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

static size_t below(uint64_t *state, size_t limit)
{
    return limit == 0 ? 0 : (size_t)(next_random(state) % limit);
}

static void run_one(const uint8_t *data, size_t size, const char *seed_name, unsigned long mutation)
{
    uint8_t *exact = malloc(size != 0 ? size : 1); /* its own block, so that a byte too far is seen */
    if (exact == NULL)
        abort();
    if (size != 0)
        memcpy(exact, data, size);
    run.data = exact;
    run.size = size;
    run.seed_name = seed_name;
    run.mutation = mutation;
    alarm(SLOW_S);
    LLVMFuzzerTestOneInput(exact, size);
    alarm(0);
    run.data = NULL;
    free(exact);
}

/* Room for size bytes at `at`, as far as the limit allows; returns how many there are now. */
static size_t open_gap(uint8_t *data, size_t *size, size_t at, size_t count)
{
    if (count > INPUT_MAX - *size)
        count = INPUT_MAX - *size;
    memmove(data + at + count, data + at, *size - at);
    *size += count;
    return count;
}

static void mutate(uint8_t *data, size_t *size, uint64_t *state)
{
    static const uint8_t odd[] = {0x00, 0x01, 0x7f, 0x80, 0xff, 0xc2, 0xe2, 0xf4,
                                  '"',  '\'', ',',  '\n', '\r', ' ',  '0',  '9'};
    size_t at = below(state, *size + 1);
    size_t count = 1 + below(state, 8);
    switch (below(state, 9)) {
    case 0: /* flip a bit */
        if (at < *size)
            data[at] ^= (uint8_t)(1u << below(state, 8));
        break;
    case 1: /* any byte */
        if (at < *size)
            data[at] = (uint8_t)next_random(state);
        break;
    case 2: /* an odd byte */
        if (at < *size)
            data[at] = odd[below(state, sizeof odd)];
        break;
    case 3: /* insert odd bytes */
        count = open_gap(data, size, at, count);
        for (size_t i = 0; i < count; i++)
            data[at + i] = odd[below(state, sizeof odd)];
        break;
    case 4: /* take some out */
        if (count > *size - at)
            count = *size - at;
        memmove(data + at, data + at + count, *size - at - count);
        *size -= count;
        break;
    case 5: /* cut off */
        if (below(state, 4) == 0)
            *size = at;
        break;
    case 6: { /* say something twice */
        size_t from = below(state, *size + 1);
        uint8_t copy[64];
        count = below(state, sizeof copy);
        if (count > *size - from)
            count = *size - from;
        memcpy(copy, data + from, count);
        count = open_gap(data, size, at, count);
        memcpy(data + at, copy, count);
        break;
    }
    case 7: { /* a piece of another seed */
        const struct input *other = &run.seeds[below(state, run.seed_count)];
        size_t from = below(state, other->size + 1);
        count = below(state, other->size - from + 1);
        count = open_gap(data, size, at, count);
        if (count != 0)
            memcpy(data + at, other->data + from, count);
        break;
    }
    case 8: { /* a big-endian number at the edge */
        static const uint32_t edges[] = {0, 1, 0x7fffffff, 0x80000000, 0xffffffff, 256, 65536};
        uint32_t edge = edges[below(state, sizeof edges / sizeof edges[0])];
        for (size_t i = 0; i < 4 && at + i < *size; i++)
            data[at + i] = (uint8_t)(edge >> (24 - 8 * i));
        break;
    }
    }
}

static bool add_file(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        fprintf(stderr, "cannot open \"%s\": %s\n", path, strerror(errno));
        return false;
    }
    uint8_t *data = malloc(INPUT_MAX);
    size_t size = 0;
    for (ssize_t got; data != NULL && size < INPUT_MAX && (got = read(fd, data + size, INPUT_MAX - size)) > 0;)
        size += (size_t)got;
    close(fd);
    struct input *grown = realloc(run.seeds, (run.seed_count + 1) * sizeof *run.seeds);
    if (data == NULL || grown == NULL)
        abort();
    run.seeds = grown;
    run.seeds[run.seed_count++] = (struct input){data, size, strdup(path)};
    return true;
}

static bool add_path(const char *path)
{
    struct stat st;
    if (stat(path, &st) != 0 || !S_ISDIR(st.st_mode))
        return add_file(path);
    struct dirent **names;
    int count = scandir(path, &names, NULL, alphasort);
    size_t before = run.seed_count;
    bool ok = count >= 0;
    for (int i = 0; i < count; i++) {
        char file[4096];
        int len = snprintf(file, sizeof file, "%s/%s", path, names[i]->d_name);
        if (names[i]->d_name[0] != '.' && len > 0 && (size_t)len < sizeof file && stat(file, &st) == 0 &&
            S_ISREG(st.st_mode))
            ok = add_file(file) && ok;
        free(names[i]);
    }
    if (count >= 0)
        free(names);
    if (run.seed_count == before) {
        fprintf(stderr, "\"%s\" has no seeds\n", path); /* a corpus that got lost must not look like a pass */
        return false;
    }
    return ok;
}

static unsigned long number_from(const char *variable, unsigned long otherwise)
{
    const char *text = getenv(variable);
    return text != NULL && text[0] != '\0' ? strtoul(text, NULL, 0) : otherwise;
}

int main(int argc, char **argv)
{
    unsigned long runs = number_from("FUZZ_RUNS", 300), seed = number_from("FUZZ_SEED", 1);
    const char *program = strrchr(argv[0], '/');
    program = program != NULL ? program + 1 : argv[0];
    snprintf(run.crash_path, sizeof run.crash_path, "crash-%.200s", program);

    if (__sanitizer_set_death_callback != NULL)
        __sanitizer_set_death_callback(save_input);
    else
        signal(SIGSEGV, on_signal);
    signal(SIGABRT, on_signal);
    signal(SIGALRM, on_signal);

    bool ok = true;
    for (int i = 1; i < argc; i++)
        ok = add_path(argv[i]) && ok;
    size_t given = run.seed_count;
    if (run.seed_count == 0) {
        run.seeds = calloc(1, sizeof *run.seeds);
        if (run.seeds == NULL)
            abort();
        run.seeds[run.seed_count++] = (struct input){NULL, 0, strdup("nothing")};
    }
    printf("FUZZ_SEED=%lu FUZZ_RUNS=%lu, %zu files\n", seed, runs, given);
    fflush(stdout);

    run_one(NULL, 0, "nothing", 0);
    uint8_t *data = malloc(INPUT_MAX);
    if (data == NULL)
        abort();
    for (size_t i = 0; i < run.seed_count; i++) {
        const struct input *input = &run.seeds[i];
        run_one(input->data, input->size, input->name, 0);
        for (unsigned long k = 1; k <= runs; k++) {
            uint64_t state = seed * 0x9e3779b97f4a7c15u + i * 1000003u + k;
            size_t size = input->size;
            if (size != 0)
                memcpy(data, input->data, size);
            for (size_t steps = 1 + below(&state, 6); steps > 0; steps--)
                mutate(data, &size, &state);
            run_one(data, size, input->name, k);
        }
    }
    free(data);
    for (size_t i = 0; i < run.seed_count; i++) {
        free(run.seeds[i].data);
        free(run.seeds[i].name);
    }
    free(run.seeds);
    return ok ? 0 : 1;
}
