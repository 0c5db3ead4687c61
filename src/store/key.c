/* SPDX-License-Identifier: MIT */
/*
 * A member's place in the order of its list: the prospect's own part, and the cell that carries what the clock moves.
 *
 * The queue's index holds `sort`; the factors that made a learned one stand beside it, so that what is printed is what
 * ordered the row, also when the lessons went on since.
 */
#include "key.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/utf8.h"

/* ---- what is known of somebody ---- */

bool policy_needs_traits(const struct policy *p)
{
    return policy_learns(p) || p->order == ORDER_RANK || p->order == ORDER_NEWEST || p->segment[0] != '\0';
}

enum { ATTRIBUTES_MOST = 1024 };

bool traits_load(struct store *s, int64_t prospect_id, struct arena *a, struct traits *ret, struct error *err)
{
    static const char *const fields[] = {"title", "country", "state", "city", "language", "owner"};
    enum { FIRST_FIELD = 2, FIELDS = sizeof fields / sizeof *fields };
    struct learn_attribute *attributes = ARENA_ARRAY(a, struct learn_attribute, FIELDS);
    size_t count = 0, room = FIELDS;
    struct stmt q;
    *ret = (struct traits){.id = prospect_id};
    if (lessons(s, err) == NULL || !stmt_open(s, STMT_TRAITS, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    stmt_int(&q, ":generation", lessons_generation(s));
    if (stmt_row(&q, err)) {
        ret->created_at = stmt_column_int(&q, 0);
        ret->source = stmt_column_copy(&q, 1, a);
        for (int i = 0; i < FIELDS; i++)
            if (!stmt_column_null(&q, FIRST_FIELD + i))
                attributes[count++] = (struct learn_attribute){str_of(fields[i]), stmt_column_copy(&q, FIRST_FIELD + i, a)};
        ret->own = (struct learn_own){stmt_column_double(&q, FIRST_FIELD + FIELDS), stmt_column_double(&q, FIRST_FIELD + FIELDS + 1)};
    }
    if (!stmt_close(&q) || !stmt_open(s, STMT_TRAITS_ATTRIBUTES, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    while (count < ATTRIBUTES_MOST && stmt_row(&q, err)) {
        if (count == room) {
            struct learn_attribute *more = ARENA_ARRAY(a, struct learn_attribute, room * 2);
            memcpy(more, attributes, count * sizeof *more);
            attributes = more;
            room *= 2;
        }
        attributes[count++] = (struct learn_attribute){stmt_column_copy(&q, 0, a), stmt_column_copy(&q, 1, a)};
    }
    ret->attributes = attributes;
    ret->attributes_count = count;
    return stmt_close(&q);
}

struct learn_person traits_person(const struct traits *traits, int attempts, bool customer)
{
    return (struct learn_person){.source = traits->source,
                                 .attempts = attempts,
                                 .customer = customer,
                                 .own = traits->own,
                                 .attributes = traits->attributes,
                                 .attributes_count = traits->attributes_count};
}

/* The value in a column that a policy names, by its folded name; "" if there is none. */
static struct str column_value(const struct traits *traits, const char *column)
{
    struct str found = STR("");
    struct buf folded;
    if (strcmp(column, "source") == 0)
        return traits->source;
    buf_init(&folded);
    for (size_t i = 0; i < traits->attributes_count && found.len == 0; i++) {
        buf_clear(&folded);
        text_fold(traits->attributes[i].column, &folded);
        if (str_is(buf_str(&folded), column))
            found = str_trim(traits->attributes[i].value);
    }
    buf_done(&folded);
    return found;
}

static double column_number(const struct traits *traits, const char *column)
{
    char text[64], *end;
    struct str value = column_value(traits, column);
    if (value.len == 0 || value.len >= sizeof text)
        return NAN;
    memcpy(text, value.at, value.len);
    text[value.len] = '\0';
    double number = strtod(text, &end);
    return *end == '\0' ? number : NAN;
}

/* ---- the key ---- */

/* A segment is compared folded, and cut: it names a cell, and cells are few. */
static void segment_of(const struct traits *traits, const char *column, char ret[SEGMENT_SIZE])
{
    struct buf folded;
    buf_init(&folded);
    text_fold(column_value(traits, column), &folded);
    size_t len = folded.len < SEGMENT_SIZE ? folded.len : SEGMENT_SIZE - 1;
    while (len > 0 && len < folded.len && ((unsigned char)folded.at[len] & 0xc0) == 0x80)
        len--;
    memcpy(ret, folded.at, len);
    ret[len] = '\0';
    buf_done(&folded);
}

bool member_key(struct store *s, const struct policy *p, const struct traits *traits, const struct fold_result *r, int64_t now,
                struct member_key *ret, struct error *err)
{
    *ret = (struct member_key){.band = BAND_ANY, .band_until = AT_NONE};
    if (p->segment[0] != '\0')
        segment_of(traits, p->segment, ret->segment);
    if (p->new_every > 0 && r->touched_at == AT_NONE)
        ret->band = BAND_NEW;
    if (!policy_learns(p)) {
        struct order_facts facts = {.id = traits != NULL ? traits->id : 0, .touched_at = r->touched_at, .column = NAN};
        if (traits != NULL)
            facts.created_at = traits->created_at;
        if (p->order == ORDER_RANK)
            facts.column = column_number(traits, p->order_column);
        ret->sort = order_sort(p, &facts);
        return true;
    }
    if (p->new_every == 0) {
        int64_t until_s;
        ret->band = learn_band(traits->source, now - traits->created_at, &until_s);
        if (until_s >= 0)
            ret->band_until = traits->created_at + until_s;
    }
    struct learner *l = lessons(s, err);
    if (l == NULL)
        return false;
    struct learn_person person = traits_person(traits, r->attempts, r->customer);
    struct learn_factors factors;
    learner_key(l, &person, &factors);
    if (!lessons_speak(l))
        lessons_hush(&factors);
    ret->sort = -learn_product_key(&factors);
    memcpy(ret->factors, factors.value, sizeof ret->factors);
    ret->learned = true;
    return true;
}

void member_key_bind(struct stmt *q, const struct member_key *key)
{
    stmt_double(q, ":sort", key->sort);
    stmt_blob(q, ":factors", key->learned ? key->factors : NULL, sizeof key->factors);
    stmt_at(q, ":band_until", key->band_until);
}

/* ---- cells ---- */

static bool segments_full(struct store *s, bool *ret, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_CELL_SEGMENTS, &q, err))
        return false;
    *ret = stmt_row(&q, err) && stmt_column_int(&q, 0) > SEGMENTS_MOST;
    return stmt_close(&q);
}

static void cell_bind(struct stmt *q, struct str zones, struct str country, struct str segment, int band)
{
    stmt_str(q, ":zones", zones);
    stmt_str(q, ":country", country);
    stmt_str(q, ":segment", segment);
    stmt_int(q, ":band", band);
}

bool cell_of(struct store *s, struct str zones, struct str country, struct str segment, int band, int64_t *ret_id,
             struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, STMT_CELL_FIND, &q, err))
        return false;
    cell_bind(&q, zones, country, segment, band);
    int64_t id = stmt_row(&q, err) ? stmt_column_int(&q, 0) : 0;
    if (!stmt_close(&q))
        return false;
    if (id == 0) {
        bool full = false;
        if (segment.len != 0 && !segments_full(s, &full, err))
            return false;
        if (full)
            return cell_of(s, zones, country, STR(""), band, ret_id, err);
        if (!stmt_open(s, STMT_CELL_ADD, &q, err))
            return false;
        cell_bind(&q, zones, country, segment, band);
        if (!stmt_run(&q, err))
            return false;
        id = db_last_id(s);
    }
    *ret_id = id;
    return true;
}
