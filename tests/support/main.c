/* SPDX-License-Identifier: MIT */
/* Runs every TEST of the program; the first argument, if any, is a cmocka filter (`*zone*`). */
#include "test.h"

#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <ftw.h>

static struct CMUnitTest tests[4096];
static size_t tests_count;
static char dir[64];
static char *keep[4096];
static size_t keep_count;

void test_register(const char *name, CMUnitTestFunction function)
{
    for (size_t i = 0; i < tests_count; i++)
        if (strcmp(tests[i].name, name) == 0) {
            fprintf(stderr, "two tests are called \"%s\"\n", name);
            exit(2);
        }
    tests[tests_count++] = (struct CMUnitTest){.name = name, .test_func = function};
}

static char *kept(char *p)
{
    if (keep_count < sizeof keep / sizeof keep[0])
        keep[keep_count++] = p;
    return p;
}

static int drop(const char *path, const struct stat *st, int flag, struct FTW *ftw)
{
    (void)st, (void)flag, (void)ftw;
    return remove(path);
}

static void clean(void)
{
    if (dir[0] != '\0')
        nftw(dir, drop, 16, FTW_DEPTH | FTW_PHYS);
    for (size_t i = 0; i < keep_count; i++)
        free(keep[i]);
}

const char *test_dir(void)
{
    if (dir[0] == '\0') {
        snprintf(dir, sizeof dir, "/tmp/calldeck-test.XXXXXX");
        if (mkdtemp(dir) == NULL) {
            perror("mkdtemp");
            exit(2);
        }
    }
    return dir;
}

const char *test_path(const char *name)
{
    size_t size = strlen(test_dir()) + strlen(name) + 2;
    char *p = kept(malloc(size));
    snprintf(p, size, "%s/%s", dir, name);
    return p;
}

void test_write_file(const char *path, const void *data, size_t len)
{
    FILE *f = fopen(path, "wb");
    assert_non_null(f);
    assert_int_equal(fwrite(data, 1, len, f), len);
    assert_int_equal(fclose(f), 0);
}

char *test_read_file(const char *path, size_t *ret_len)
{
    FILE *f = fopen(path, "rb");
    if (f == NULL)
        fail_msg("%s: %s", path, strerror(errno));
    size_t len = 0, cap = 4096;
    char *p = malloc(cap);
    for (size_t n; (n = fread(p + len, 1, cap - len - 1, f)) > 0;) {
        len += n;
        if (cap - len < 2)
            p = realloc(p, cap *= 2);
    }
    fclose(f);
    p[len] = '\0';
    if (ret_len != NULL)
        *ret_len = len;
    return kept(p);
}

uint64_t test_seed(void)
{
    const char *given = getenv("TEST_SEED");
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    uint64_t seed = given ? strtoull(given, NULL, 0) : (uint64_t)now.tv_sec * 1000000007u + (uint64_t)now.tv_nsec;
    printf("TEST_SEED=%llu\n", (unsigned long long)seed);
    return seed;
}

/* splitmix64 */
uint64_t test_random(uint64_t *state)
{
    uint64_t z = (*state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

/* What sanitizers said of children, whose errors may go to a screen that is gone. */
static bool sanitizers_complained(void)
{
    bool found = false;
    DIR *d = dir[0] != '\0' ? opendir(dir) : NULL;
    for (struct dirent *e; d != NULL && (e = readdir(d)) != NULL;)
        if (strncmp(e->d_name, TEST_SANITIZER_LOG ".", sizeof TEST_SANITIZER_LOG) == 0) {
            found = true;
            printf("%s:\n%s\n", e->d_name, test_read_file(test_path(e->d_name), NULL));
        }
    if (d != NULL)
        closedir(d);
    return found;
}

int main(int argc, char **argv)
{
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    atexit(clean);
    int failed = _cmocka_run_group_tests("calldeck", tests, tests_count, NULL, NULL);
    return sanitizers_complained() || failed != 0;
}
