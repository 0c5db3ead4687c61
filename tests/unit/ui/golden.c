/* SPDX-License-Identifier: MIT */
/*
 * Pictures of the screen: tests/golden/NAME.keys says which stage, which size and which keys, NAME.frame what is then
 * seen. UPDATE=1 writes the frames anew; read the difference before you commit it.
 *
 *     # day 120x32 [manual] [styles]
 *     Enter 'wants delivery' Tab
 */
#include "stage.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct golden {
    enum stage_play play;
    int cols, rows;
    bool manual, styles;
    struct str keys;
};

static void golden_parse(const char *name, struct str text, struct golden *ret)
{
    struct str line, word;
    *ret = (struct golden){0};
    str_next(&text, '\n', &line);
    ret->keys = text;
    if (!str_starts(line, "# "))
        fail_msg("%s: the first line is not \"# STAGE COLSxROWS\"", name);
    line = str_skip(line, 2);
    str_word(&line, &word);
    ret->play = str_is(word, "day") ? STAGE_DAY : str_is(word, "nobody") ? STAGE_NOBODY : str_is(word, "taught") ? STAGE_TAUGHT : STAGE_EMPTY;
    while (str_word(&line, &word)) {
        if (str_is(word, "manual"))
            ret->manual = true;
        else if (str_is(word, "styles"))
            ret->styles = true;
        else if (sscanf(word.at, "%dx%d", &ret->cols, &ret->rows) != 2)
            fail_msg("%s: \"%.*s\" is no size", name, STR_ARG(word));
    }
}

static void golden_check(const char *name, bool update)
{
    char keys_path[512], frame_path[512];
    size_t len;
    snprintf(keys_path, sizeof keys_path, "%s/tests/golden/%s.keys", TEST_SOURCE, name);
    snprintf(frame_path, sizeof frame_path, "%s/tests/golden/%s.frame", TEST_SOURCE, name);
    const char *text = test_read_file(keys_path, &len);
    struct golden g;
    golden_parse(name, str_make(text, len), &g);
    struct stage s;
    stage_open_with(&s, g.play, g.cols, g.rows, g.manual ? "manual" : NULL);
    char keys[4096];
    snprintf(keys, sizeof keys, "%.*s", STR_ARG(g.keys));
    stage_keys(&s, keys);
    const char *seen = g.styles ? stage_styles(&s) : stage_text(&s);
    if (update) {
        test_write_file(frame_path, seen, strlen(seen));
    } else {
        const char *meant = test_read_file(frame_path, NULL);
        if (strcmp(seen, meant) != 0)
            fail_msg("%s: seen\n%s\nmeant\n%sUPDATE=1 writes the frames of tests/golden anew", name, seen, meant);
    }
    stage_close(&s);
}

TEST(the_screen_looks_as_in_the_goldens)
{
    const char *update = getenv("UPDATE");
    DIR *dir = opendir(TEST_SOURCE "/tests/golden");
    assert_non_null(dir);
    int count = 0;
    for (struct dirent *entry; (entry = readdir(dir)) != NULL;) {
        struct str name = str_of(entry->d_name);
        if (!str_ends(name, ".keys"))
            continue;
        char base[256];
        snprintf(base, sizeof base, "%.*s", (int)(name.len - 5), name.at);
        golden_check(base, update && *update == '1');
        count++;
    }
    closedir(dir);
    assert_true(count > 20);
}
