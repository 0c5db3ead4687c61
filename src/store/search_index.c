/* SPDX-License-Identifier: MIT */
/*
 * The search index follows the facts at a distance: a verb only notes whom it changed (search_todo), since writing the
 * index inside an outcome's key cost it hundreds of milliseconds now and then. Upkeep and the next search catch up.
 */
#include "search.h"

#include <stdlib.h>
#include <string.h>

#include "calldeck/alloc.h"
#include "calldeck/utf8.h"

/* ---- text ---- */

/* Scripts that put no blanks between words: each character is a word of its own, or "美玲" would not find "陳美玲". */
static bool is_ideograph(uint32_t code)
{
    return (code >= 0x3041 && code <= 0x30ff && code != 0x3099 && code != 0x309a) || (code >= 0x3400 && code <= 0x4dbf) ||
           (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x20000 && code <= 0x3ffff);
}

void search_fold(struct str text, struct buf *out)
{
    size_t start = out->len;
    text_fold(text, out);
    bool any = false;
    for (size_t i = start; i < out->len && !any; i++)
        any = (unsigned char)out->at[i] >= 0xe3;
    if (!any)
        return;
    struct buf spread;
    buf_init(&spread);
    bool gap = false; /* the character before was an ideograph */
    for (struct str rest = str_make(out->at + start, out->len - start); rest.len != 0;) {
        uint32_t code;
        size_t len = utf8_decode(rest, &code);
        bool alone = is_ideograph(code), voicing = code == 0x3099 || code == 0x309a;
        if ((alone || (gap && !voicing)) && spread.len != 0 && spread.at[spread.len - 1] != ' ' && code != ' ')
            buf_add_char(&spread, ' ');
        buf_add(&spread, rest.at, len);
        gap = alone || (gap && voicing);
        rest = str_skip(rest, len);
    }
    buf_splice(out, start, out->len - start, spread.at, spread.len);
    buf_done(&spread);
}

bool search_word_in(struct str text, struct str word)
{
    if (word.len == 0)
        return false;
    for (size_t at = 0; at + word.len <= text.len;) {
        const char *hit = memmem(text.at + at, text.len - at, word.at, word.len);
        if (hit == NULL)
            return false;
        if (hit == text.at || hit[-1] == ' ')
            return true;
        at = (size_t)(hit - text.at) + 1;
    }
    return false;
}

/* ---- one prospect ---- */

void search_doc_init(struct search_doc *doc)
{
    *doc = (struct search_doc){.exists = false};
    buf_init(&doc->name);
    buf_init(&doc->company);
    buf_init(&doc->mail);
    buf_init(&doc->note);
}

void search_doc_done(struct search_doc *doc)
{
    buf_done(&doc->name);
    buf_done(&doc->company);
    buf_done(&doc->mail);
    buf_done(&doc->note);
}

static bool add_column(struct store *s, enum statement id, int64_t prospect_id, struct buf *out, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, id, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    while (stmt_row(&q, err)) {
        if (out->len != 0)
            buf_add_char(out, ' ');
        search_fold(stmt_column_str(&q, 0), out);
    }
    return stmt_close(&q);
}

bool search_doc_load(struct store *s, int64_t prospect_id, struct search_doc *doc, struct error *err)
{
    buf_clear(&doc->name);
    buf_clear(&doc->company);
    buf_clear(&doc->mail);
    buf_clear(&doc->note);
    doc->exists = false;
    struct stmt q;
    if (!stmt_open(s, STMT_INDEX_PERSON, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    if (stmt_row(&q, err)) {
        doc->exists = true;
        search_fold(stmt_column_str(&q, 0), &doc->name);
        search_fold(stmt_column_str(&q, 1), &doc->company);
        doc->archived = stmt_column_int(&q, 2) != 0;
        doc->member = stmt_column_int(&q, 3) != 0;
    }
    if (!stmt_close(&q))
        return false;
    return !doc->exists || (add_column(s, STMT_INDEX_MAILS, prospect_id, &doc->mail, err) &&
                            add_column(s, STMT_INDEX_NOTES, prospect_id, &doc->note, err));
}

/* ---- the index ---- */

static bool index_one(struct store *s, int64_t prospect_id, struct search_doc *doc, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_INDEX_DROP, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    if (!stmt_run(&q, err) || !search_doc_load(s, prospect_id, doc, err))
        return false;
    if (!doc->exists)
        return true;
    if (!stmt_open(s, STMT_INDEX_ADD, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_str(&q, ":name", buf_str(&doc->name));
    stmt_str(&q, ":company", buf_str(&doc->company));
    stmt_str(&q, ":mail", buf_str(&doc->mail));
    stmt_str(&q, ":note", buf_str(&doc->note));
    return stmt_run(&q, err);
}

static bool todo_load(struct store *s, int64_t *ids, size_t most, size_t *ret_count, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_INDEX_TODO, &q, err))
        return false;
    stmt_int(&q, ":most", (int64_t)most);
    *ret_count = 0;
    while (*ret_count < most && stmt_row(&q, err))
        ids[(*ret_count)++] = stmt_column_int(&q, 0);
    return stmt_close(&q);
}

bool search_catch_up(struct store *s, int most_rows, bool *ret_more, struct error *err)
{
    if (s->read_only || s->read_depth != 0) { /* not now */
        *ret_more = false;
        return true;
    }
    size_t most = most_rows > 0 ? (size_t)most_rows : 1, count = 0;
    int64_t *ids = alloc_zeroed(most + 1, sizeof *ids);
    /* A look before the lock: upkeep asks often, and nearly always there is nothing. */
    bool ok = todo_load(s, ids, 1, &count, err);
    if (!ok || count == 0) {
        free(ids);
        if (ok)
            *ret_more = false;
        return ok;
    }
    if (!db_begin(s, DB_FAST, err)) {
        free(ids);
        return false;
    }
    struct search_doc doc;
    search_doc_init(&doc);
    ok = todo_load(s, ids, most + 1, &count, err);
    bool more = count > most;
    if (more)
        count = most;
    for (size_t i = 0; ok && i < count; i++)
        ok = index_one(s, ids[i], &doc, err);
    if (ok && count != 0) {
        struct stmt q;
        ok = stmt_open(s, STMT_INDEX_DONE, &q, err);
        if (ok) {
            stmt_int(&q, ":last", ids[count - 1]);
            ok = stmt_run(&q, err);
        }
    }
    search_doc_done(&doc);
    free(ids);
    ok = db_end(s, ok, err);
    if (ok)
        *ret_more = more;
    return ok;
}
