/* SPDX-License-Identifier: MIT */
/* Recording, with a real softphone: nothing is kept without a yes, and nothing of what was said before it. */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "desk.h"
#include "test.h"

static const char *in(const char *dir, const char *name)
{
    static char path[2][512];
    static int turn;
    snprintf(path[turn ^= 1], sizeof path[0], "%s/%s", dir, name);
    return path[turn];
}

static void desk_that_records(struct desk *desk, char dir[256])
{
    static int number;
    char name[32];
    snprintf(name, sizeof name, "recordings-%d", number++);
    snprintf(dir, 256, "%s", test_path(name));
    desk_prepare(desk);
    desk->config.record_dir = dir;
    desk->config.records = true;
    desk_start(desk);
    desk_wait_line(desk, DIAL_LINE_UP, 5000);
    assert_true((dialer_capabilities(desk->d) & DIAL_CAN_RECORD) != 0);
}

static long size_of(const char *path)
{
    struct stat st;
    return stat(path, &st) == 0 ? (long)st.st_size : -1;
}

static int wavs_in(const char *path)
{
    int count = 0;
    DIR *dir = opendir(path);
    for (struct dirent *e; dir != NULL && (e = readdir(dir)) != NULL;)
        count += strstr(e->d_name, ".wav") != NULL;
    if (dir != NULL)
        closedir(dir);
    return count;
}

/* Until the file is so long. */
static void grows(struct desk *desk, const char *path, long bytes)
{
    char name[512];
    snprintf(name, sizeof name, "%s", path);
    for (int i = 0; i < 200 && size_of(name) < bytes; i++)
        desk_turn(desk, 20);
    if (size_of(name) < bytes)
        fail_msg("%s has %ld bytes", name, size_of(name));
}

TEST(recording_keeps_what_was_said_after_the_yes_alone)
{
    enum { HEADER = 44, SECOND = 16000 };
    struct desk desk;
    char dir[256], raw[300];
    desk_that_records(&desk, dir);
    snprintf(raw, sizeof raw, "%s/.softphone-0", dir);
    struct far far = far_answers("<INVITE >100 >180 ~100 >200+ <ACK <BYE >200=", desk.sip_port, 0);
    desk_place(&desk, 31, "+15550100");
    desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    grows(&desk, in(raw, "call31-us.wav"), SECOND);
    assert_int_equal(size_of(in(dir, "t31-us.wav")), -1);
    struct error err = {0};
    if (!dial_record(desk.d, 31, "t31", true, &err))
        fail_msg("%s", err.text);
    long before = size_of(in(dir, "t31-us.wav"));
    grows(&desk, in(dir, "t31-us.wav"), before + SECOND);
    assert_true(dial_hang_up(desk.d, 31, NULL));
    desk_wait(&desk, DIAL_EVENT_ENDED, 3000);
    desk_turn(&desk, 100);
    struct stat st;
    assert_int_equal(stat(in(dir, "t31-us.wav"), &st), 0);
    assert_int_equal(st.st_mode & 0777, 0600);
    assert_int_equal(stat(dir, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    assert_true(size_of(in(dir, "t31-them.wav")) >= HEADER);
    assert_int_equal(wavs_in(raw), 0);
    FILE *f = fopen(in(dir, "t31-us.wav"), "rb");
    assert_non_null(f);
    bool silent = true, heard = false;
    for (long at = 0, c; (c = fgetc(f)) != EOF; at++) {
        silent = silent && (at < HEADER || at >= SECOND || c == 0);
        heard = heard || (at >= before && c != 0);
    }
    fclose(f);
    assert_true(silent);
    assert_true(heard);
    far_is_done(&far);
    desk_close(&desk);
    assert_int_equal(wavs_in(dir), 2);
}

TEST(recording_without_a_yes_leaves_nothing)
{
    struct desk desk;
    char dir[256], raw[300];
    desk_that_records(&desk, dir);
    snprintf(raw, sizeof raw, "%s/.softphone-0", dir);
    struct far far = far_answers("<INVITE >100 >180 ~100 >200+ <ACK <BYE >200=", desk.sip_port, 0);
    desk_place(&desk, 32, "+15550100");
    desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    grows(&desk, in(raw, "call32-us.wav"), 1000);
    assert_false(dial_record(desk.d, 32, "../etc", true, NULL));
    assert_true(dial_hang_up(desk.d, 32, NULL));
    desk_wait(&desk, DIAL_EVENT_ENDED, 3000);
    assert_int_equal(wavs_in(raw), 0);
    far_is_done(&far);
    desk_close(&desk);
    assert_int_equal(size_of(dir), -1);
}

TEST(recording_that_is_taken_back_is_gone)
{
    struct desk desk;
    char dir[256];
    desk_that_records(&desk, dir);
    struct far far = far_answers("<INVITE >100 >180 ~100 >200+ <ACK <BYE >200=", desk.sip_port, 0);
    desk_place(&desk, 33, "+15550100");
    desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    assert_true(dial_record(desk.d, 33, "t33", true, NULL));
    assert_int_equal(wavs_in(dir), 2);
    assert_true(dial_record(desk.d, 33, "t33", false, NULL));
    assert_int_equal(wavs_in(dir), 0);
    assert_true(dial_hang_up(desk.d, 33, NULL));
    desk_wait(&desk, DIAL_EVENT_ENDED, 3000);
    far_is_done(&far);
    desk_close(&desk);
    assert_int_equal(size_of(dir), -1);
}

TEST(recording_is_off_unless_it_is_set)
{
    struct desk desk;
    struct error err = {0};
    desk_open(&desk);
    assert_int_equal(dialer_capabilities(desk.d) & DIAL_CAN_RECORD, 0);
    assert_false(dial_record(desk.d, 1, "t1", true, &err));
    assert_non_null(strstr(err.text, "set record on"));
    desk_close(&desk);
}

TEST(recording_that_a_crash_left_without_a_yes_goes_also_when_it_is_off)
{
    struct desk desk;
    char dir[256], raw[300];
    desk_prepare(&desk);
    snprintf(dir, sizeof dir, "%s", test_path("left"));
    snprintf(raw, sizeof raw, "%s/.softphone-0", dir);
    assert_int_equal(mkdir(dir, 0700), 0);
    assert_int_equal(mkdir(raw, 0700), 0);
    FILE *f = fopen(in(raw, "call7-us.wav"), "w");
    assert_non_null(f);
    fclose(f);
    f = fopen(in(dir, "t7-us.wav"), "w"); /* they agreed to that one */
    assert_non_null(f);
    fclose(f);
    desk.config.record_dir = dir;
    desk_start(&desk);
    assert_int_equal(size_of(raw), -1);
    assert_int_equal(wavs_in(dir), 1);
    desk_wait_line(&desk, DIAL_LINE_UP, 5000);
    desk_close(&desk);
}
