/* SPDX-License-Identifier: MIT */
/* Undo and redo: a list of swaps, bounded in number and bytes; the oldest go first. */
#include "edit.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"

static size_t change_bytes(const struct edit_change *c)
{
    return c->in_len + c->out.len;
}

static void drop(struct edit_history *h, size_t from, size_t to)
{
    for (size_t i = from; i < to; i++) {
        h->bytes -= change_bytes(&h->changes[i]);
        buf_done(&h->changes[i].out);
    }
    if (to < h->count)
        memmove(h->changes + from, h->changes + to, (h->count - to) * sizeof h->changes[0]);
    h->count -= to - from;
    h->done = h->done > to ? h->done - (to - from) : h->done > from ? from : h->done;
}

void edit_history_clear(struct edit_history *h)
{
    drop(h, 0, h->count);
}

void edit_history_done(struct edit_history *h)
{
    edit_history_clear(h);
    free(h->changes);
    *h = (struct edit_history){0};
}

static bool is_typing(enum edit_run run)
{
    return run == RUN_TYPING || run == RUN_TYPING_BLANK;
}

/* Into the last change, if what is done now goes on with it. */
static bool join(struct edit_history *h, struct buf *text, size_t at, size_t remove, struct str data, enum edit_run run,
                 enum edit_run run_before)
{
    if (h->done == 0)
        return false;
    struct edit_change *last = &h->changes[h->done - 1];
    bool word_goes_on = is_typing(run) && is_typing(run_before) && (run == run_before || run == RUN_TYPING_BLANK);
    if (word_goes_on && remove == 0 && at == last->at + last->in_len)
        last->in_len += data.len;
    else if (run == RUN_BACKSPACE && run_before == run && data.len == 0 && at + remove == last->at)
        buf_splice(&last->out, 0, 0, text->at + at, remove), last->at = at;
    else if (run == RUN_DELETE && run_before == run && data.len == 0 && at == last->at)
        buf_add(&last->out, text->at + at, remove);
    else
        return false;
    return true;
}

void edit_history_replace(struct edit_history *h, struct buf *text, size_t at, size_t remove, struct str data,
                          size_t cursor, enum edit_run run, enum edit_run run_before)
{
    drop(h, h->done, h->count);
    if (!join(h, text, at, remove, data, run, run_before)) {
        if (h->count == h->cap) {
            h->cap = h->cap ? h->cap * 2 : 16;
            h->changes = alloc_resize(h->changes, h->cap, sizeof h->changes[0]);
        }
        struct edit_change *c = &h->changes[h->count++];
        *c = (struct edit_change){.at = at, .in_len = data.len, .cursor_before = cursor};
        if (remove > 0)
            buf_add(&c->out, text->at + at, remove);
        h->done = h->count;
    }
    h->bytes += remove + data.len;
    buf_splice(text, at, remove, data.at, data.len);

    size_t old = 0, bytes = h->bytes;
    while (old + 1 < h->count && (h->count - old > HISTORY_CHANGES_MAX || bytes > HISTORY_BYTES_MAX))
        bytes -= change_bytes(&h->changes[old++]);
    drop(h, 0, old);
}

void edit_history_set_cursor(struct edit_history *h, size_t cursor_after)
{
    assert(h->done > 0);
    h->changes[h->done - 1].cursor_after = cursor_after;
}

static void swap(struct edit_change *c, struct buf *text)
{
    struct buf taken = {0};
    if (c->in_len > 0)
        buf_add(&taken, text->at + c->at, c->in_len);
    buf_splice(text, c->at, c->in_len, c->out.at, c->out.len);
    c->in_len = c->out.len;
    buf_done(&c->out);
    c->out = taken;
}

bool edit_history_undo(struct edit_history *h, struct buf *text, size_t *ret_cursor)
{
    if (h->done == 0)
        return false;
    struct edit_change *c = &h->changes[--h->done];
    swap(c, text);
    *ret_cursor = c->cursor_before;
    return true;
}

bool edit_history_redo(struct edit_history *h, struct buf *text, size_t *ret_cursor)
{
    if (h->done == h->count)
        return false;
    struct edit_change *c = &h->changes[h->done++];
    swap(c, text);
    *ret_cursor = c->cursor_after;
    return true;
}
