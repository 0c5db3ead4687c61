/* SPDX-License-Identifier: MIT */
/*
 * Tests announce themselves: TEST(name) { ... } is a cmocka test that the program's main finds by itself.
 * A test program is all the C files of one folder plus tests/support.
 */
#ifndef CALLDECK_TEST_H
#define CALLDECK_TEST_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

void test_register(const char *name, CMUnitTestFunction function);

#define TEST(name)                                                                                                     \
    static void test_##name(void **state);                                                                             \
    __attribute__((constructor)) static void register_##name(void)                                                     \
    {                                                                                                                  \
        test_register(#name, test_##name);                                                                             \
    }                                                                                                                  \
    static void test_##name(void **state __attribute__((unused)))

/* A directory that is gone after the program; the same one for all tests of a process. */
#define TEST_SANITIZER_LOG "sanitizer" /* in test_dir(): .PID of each child that one complained of; any fails the tests */
const char *test_dir(void);
/* DIR/name, in a fresh buffer each call; freed at exit. */
const char *test_path(const char *name);
void test_write_file(const char *path, const void *data, size_t len);
/* The whole file, NUL-terminated, freed at exit; *ret_len may be NULL. Fails the test if it cannot be read. */
char *test_read_file(const char *path, size_t *ret_len);
/* A random seed: $TEST_SEED or from the clock; printed, so that a failure can be repeated. */
uint64_t test_seed(void);
uint64_t test_random(uint64_t *state);

#endif
