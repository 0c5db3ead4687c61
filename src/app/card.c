/* SPDX-License-Identifier: MIT */
/*
 * The card on the screen: taken by an act of the rep alone, claimed so that two windows never dial one person.
 */
#include <string.h>

#include "call.h"
#include "notes.h"
#include "turn.h"

enum {
    TOUCHES_SHOWN = 50,
    CLAIM_S = 15 * MINUTE_S,
};

/* The number that would be dialled, else the first; a person's pick stays while the number is there. */
static size_t phone_place(const struct card *card, int64_t phone_id)
{
    for (size_t i = 0; i < card->phones_count; i++)
        if (card->phones[i].id == phone_id)
            return i;
    return 0;
}

static bool load(struct app *app, int64_t prospect_id, struct arena *a, struct card *ret, struct error *err)
{
    if (!store_begin_read(app->store, err))
        return false;
    bool ok = card_load(app->store, prospect_id, app->list_id, app->now, TOUCHES_SHOWN, a, ret, err);
    store_end_read(app->store);
    return ok;
}

static void set(struct app *app, struct arena *a, const struct card *card)
{
    arena_done(&app->card_arena);
    app->card_arena = *a;
    app->card = *card;
    app->place = card->place;
    app->has_reason = false;
    queue_find_card(app);
}

bool claims_count(const struct app *app)
{
    return !store_read_only(app->store) && app->preview_at == AT_NONE;
}

static void claim_forget(struct app *app)
{
    if (app->claimed_id != 0)
        claim_drop(app->store, app->claimed_id);
    app->claimed_id = 0;
    app->claim_until_at = AT_NONE;
}

static void put_away(struct app *app)
{
    arena_done(&app->card_arena);
    app->card = (struct card){0};
    app->place = (struct place){0};
    app->verdict = (struct verdict){.next_at = AT_NONE, .closes_at = AT_NONE};
    app->has_reason = false;
    app->card_in_queue = false;
    app->phone_index = 0;
}

/* What was typed is on disk before its card goes. A file that is busy makes the card wait, a full disk makes it stay.
 */
static bool notes_stored(struct app *app, struct error *err)
{
    bool fresh = app->notes_dirty || app->saved != NOTES_SAVED || editor_revision(app->notes) != app->notes_revision;
    if (app->card.id == 0 || !fresh || store_read_only(app->store) || notes_save(app, true))
        return true;
    struct error why = {0};
    if (draft_save(app->store, app->card.id, editor_text(app->notes), editor_cursor(app->notes), app->now, true, &why))
        return true;
    return error_set(err, why.code == ERR_LOCKED ? ERR_LOCKED : ERR_REFUSED,
                     "this card stays until its notes are stored: %s", why.text);
}

bool card_take(struct app *app, int64_t prospect_id, struct error *err)
{
    if (app->card.id == prospect_id)
        return true;
    if (app->call.state != CALL_NONE)
        return error_set(err, ERR_REFUSED, "a call is open: file its outcome first, Tab and a letter");
    if (app->asked.waits && app->asked.by_log)
        return error_set(err, ERR_REFUSED, "this card stays until \"%s\" is saved; u drops it", app->asked.outcome->label);
    if (!notes_stored(app, err))
        return false;

    struct arena a = {0};
    struct card card = {0};
    if (prospect_id != 0 && !load(app, prospect_id, &a, &card, err)) {
        arena_done(&a);
        return false;
    }
    if (app->claimed_id != prospect_id)
        claim_forget(app);
    if (prospect_id == 0) {
        put_away(app);
    } else {
        set(app, &a, &card);
        app->phone_index = phone_place(&app->card, app->card.phone_id);
        card_verdict(app, NULL);
    }
    app->focus = CONTEXT_DECK;
    app->notes_top = 0;
    app->card_since_ms = app->now_ms;
    app->rested_at_ms = app->now_ms;
    notes_load(app);
    app->pending |= REACT_PAINT;
    return true;
}

bool card_reload(struct app *app, struct error *err)
{
    if (app->card.id == 0)
        return true;
    struct arena a = {0};
    struct card card = {0};
    int64_t picked = card_phone_picked(app) != NULL ? card_phone_picked(app)->id : 0;
    struct error why = {0};
    if (!load(app, app->card.id, &a, &card, &why)) {
        arena_done(&a);
        if (why.code != ERR_NOT_FOUND || app->call.state != CALL_NONE)
            return error_set(err, why.code, "%s", why.text);
        /* taken back by another window, as an import that was reverted: there is nothing left to show */
        put_away(app);
        notes_load(app);
        app->asked.waits = false;
        if (app->screen == SCREEN_EDIT) /* what it says is not about whoever comes next */
            screen_close(app);
        banner(app, TONE_WARNING, 0, "this prospect is gone: another window removed it");
        return true;
    }
    set(app, &a, &card);
    notes_merge(app, app->card.draft, app->card.draft_cursor);
    app->phone_index = phone_place(&app->card, picked != 0 ? picked : app->card.phone_id);
    return card_verdict(app, err);
}

bool card_claim(struct app *app, struct error *err)
{
    if (app->card.id == 0)
        return error_set(err, ERR_REFUSED, "no card is open");
    if (app->claimed_id == app->card.id && app->claim_until_at - app->now > CLAIM_S - 5 * MINUTE_S &&
        app->claim_until_at - app->now <= CLAIM_S)
        return true;
    if (!claims_count(app))
        return true; /* nothing is dialled from here */
    if (!claim_take(app->store, app->card.id, app->now, app->now + CLAIM_S, err))
        return false;
    app->claimed_id = app->card.id;
    app->claim_until_at = app->now + CLAIM_S;
    return true;
}

bool card_verdict(struct app *app, struct error *err)
{
    const struct card_phone *phone = card_phone_picked(app);
    if (app->card.id == 0)
        return true;
    if (!store_begin_read(app->store, err))
        return false;
    bool ok = prospect_verdict(app->store, app->card.id, app->list_id, phone != NULL ? phone->id : 0, app->now,
                               &app->verdict, &app->place, err);
    store_end_read(app->store);
    return ok;
}
