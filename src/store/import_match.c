/* SPDX-License-Identifier: MIT */
/*
 * Who is it? A row finds its person by the first key that names one: record id, mail, number with the same name, or the
 * hash of the whole row if it has no key at all.
 *
 * Losing a person is worse than having one twice, so a key is not believed against the evidence: record ids count from
 * 1 in many programs, an info@ mailbox and a company line are answered by many. Nobody is looked at more than LINE_MOST
 * times, whatever a file holds.
 */
#include "import_parts.h"

#include "calldeck/utf8.h"

enum {
    CANDIDATES = 64,
    LINE_MOST = 32,  /* people on one line before the name is asked first */
    NAME_MOST = 256, /* people of one name */
};

struct candidate {
    int64_t id;
    bool same_name;
    bool unnamed;      /* they have no name */
    bool nameless;     /* they, or the row */
    bool other_record; /* both have a record id, and not the same */
};

/* Mailboxes that a company's people share. */
static const char *const shared_boxes[] = {
    "info",      "office",    "contact",  "sales",   "support",  "hello",    "hi",        "admin",
    "mail",      "kontakt",   "team",     "service", "post",     "buero",    "reception", "enquiry",
    "help",      "enquiries", "contacto", "ventas",  "accueil",  "vertrieb", "booking",   "bookings",
    "marketing", "orders",    "accounts", "billing", "no-reply", "noreply",
};

static bool mailbox_is_shared(struct str mail)
{
    struct str box = str_make(mail.at, str_find(mail, '@'));
    for (size_t i = 0; i < sizeof shared_boxes / sizeof shared_boxes[0]; i++)
        if (str_eq_ascii_case(box, str_of(shared_boxes[i])))
            return true;
    return false;
}

void person_fold(struct str name, struct buf *out)
{
    buf_clear(out);
    text_fold(name, out);
    if (out->len == 0)
        buf_add_str(out, name);
}

static struct candidate candidate_of(struct stmt *q, const struct import_person *person, struct str folded)
{
    struct str their_name = stmt_column_str(q, 1), their_record = stmt_column_str(q, 2);
    return (struct candidate){
        .id = stmt_column_int(q, 0),
        .same_name = folded.len != 0 && str_eq(their_name, folded),
        .unnamed = their_name.len == 0,
        .nameless = folded.len == 0 || their_name.len == 0,
        .other_record =
            person->external_id.len != 0 && their_record.len != 0 && !str_eq(their_record, person->external_id),
    };
}

/* The mail's key: ASCII case does not matter. */
static struct str lower_mail(struct str mail, char *room, size_t size)
{
    size_t len = mail.len < size ? mail.len : size;
    for (size_t i = 0; i < len; i++)
        room[i] = (char)(mail.at[i] >= 'A' && mail.at[i] <= 'Z' ? mail.at[i] + 32 : mail.at[i]);
    return str_make(room, len);
}

static bool has_mail(const struct import_person *person, struct str folded)
{
    char room[512];
    for (size_t i = 0; i < person->mails_count; i++)
        if (str_eq(lower_mail(person->mails[i], room, sizeof room), folded))
            return true;
    return false;
}

static bool has_phone(const struct import_person *person, struct str e164)
{
    for (size_t i = 0; i < person->phones_count; i++)
        if (str_eq(person->phones[i].number.e164, e164))
            return true;
    return false;
}

enum shared {
    SHARED_UNKNOWN, /* one side has none */
    SHARED_SOME,
    SHARED_NONE, /* both have some, and none is the same */
};

static bool shared_keys(struct store *s, enum statement which, const struct import_person *person, int64_t prospect_id,
                        enum shared *ret, struct error *err)
{
    bool mails = which == STMT_MATCH_MAILS_OF;
    struct stmt q;
    if (!stmt_open(s, which, &q, err))
        return false;
    stmt_int(&q, ":prospect", prospect_id);
    bool any = false, same = false;
    while (!same && stmt_row(&q, err)) {
        any = true;
        same = mails ? has_mail(person, stmt_column_str(&q, 0)) : has_phone(person, stmt_column_str(&q, 0));
    }
    bool have = mails ? person->mails_count != 0 : person->phones_count != 0;
    *ret = same ? SHARED_SOME : any && have ? SHARED_NONE : SHARED_UNKNOWN;
    return stmt_close(&q);
}

static bool candidates_load(struct store *s, enum statement which, const char *parameter, struct str key,
                            const struct import_person *person, struct str folded, int64_t most, struct candidate *rows,
                            size_t *ret_count, struct error *err)
{
    struct stmt q;
    if (!stmt_open(s, which, &q, err))
        return false;
    stmt_str(&q, parameter, key);
    stmt_int(&q, ":most", most);
    size_t count = 0;
    while (count < CANDIDATES && stmt_row(&q, err))
        rows[count++] = candidate_of(&q, person, folded);
    *ret_count = count;
    return stmt_close(&q);
}

/* Do two folded names have a word in common? "anna lee" and "ann lee" do. */
static bool share_word(struct str a, struct str b)
{
    struct str rest = a, word;
    while (str_word(&rest, &word)) {
        struct str others = b, other;
        while (str_word(&others, &other))
            if (str_eq(word, other))
                return true;
    }
    return false;
}

/*
 * Two programs both count their records from 1. A file with the same columns comes from the same program, and its ids
 * are believed; from another one, a name without a word in common and with other mails and numbers is another person.
 */
static bool by_record(struct store *s, const struct import_person *person, struct str folded, struct str signature,
                      int64_t *ret_id, struct error *err)
{
    enum { MOST = 8 };
    struct candidate rows[MOST];
    bool trusted[MOST];
    size_t count = 0;
    struct stmt q;
    if (person->external_id.len == 0)
        return true;
    if (!stmt_open(s, STMT_MATCH_EXTERNAL, &q, err))
        return false;
    stmt_str(&q, ":external", person->external_id);
    stmt_int(&q, ":most", MOST);
    while (count < MOST && stmt_row(&q, err)) {
        trusted[count] = str_eq(stmt_column_str(&q, 3), signature) || share_word(stmt_column_str(&q, 1), folded);
        rows[count++] = candidate_of(&q, person, folded);
    }
    if (!stmt_close(&q))
        return false;
    for (size_t i = 0; *ret_id == 0 && i < count; i++)
        if (rows[i].same_name || rows[i].nameless)
            *ret_id = rows[i].id;
    for (size_t i = 0; *ret_id == 0 && i < count; i++)
        if (trusted[i])
            *ret_id = rows[i].id;
    for (size_t i = 0; *ret_id == 0 && i < count; i++) {
        enum shared mails, phones;
        if (!shared_keys(s, STMT_MATCH_MAILS_OF, person, rows[i].id, &mails, err) ||
            !shared_keys(s, STMT_MATCH_PHONES_OF, person, rows[i].id, &phones, err))
            return false;
        if (mails == SHARED_SOME || phones == SHARED_SOME || (mails == SHARED_UNKNOWN && phones == SHARED_UNKNOWN))
            *ret_id = rows[i].id;
    }
    return true;
}

static bool by_mail(struct store *s, const struct import_person *person, struct str folded, int64_t *ret_id,
                    struct error *err)
{
    for (size_t m = 0; *ret_id == 0 && m < person->mails_count; m++) {
        char room[512];
        struct str mail = lower_mail(person->mails[m], room, sizeof room);
        struct candidate rows[CANDIDATES];
        size_t count = 0;
        if (!candidates_load(s, STMT_MATCH_MAIL, ":mail", mail, person, folded, CANDIDATES, rows, &count, err))
            return false;
        for (size_t i = 0; *ret_id == 0 && i < count; i++)
            if (rows[i].same_name)
                *ret_id = rows[i].id;
        for (size_t i = 0; *ret_id == 0 && i < count; i++)
            if (rows[i].nameless && !rows[i].other_record)
                *ret_id = rows[i].id;
        /* Another name at the same address: the name was corrected, unless the box is one that people share. */
        if (*ret_id == 0 && count == 1 && !rows[0].other_record && !mailbox_is_shared(mail))
            *ret_id = rows[0].id;
    }
    return true;
}

/* The same name on the line, and no mail that says otherwise. */
static bool same_on_line(struct store *s, const struct import_person *person, const struct candidate *rows,
                         size_t count, int64_t *ret_id, struct error *err)
{
    for (size_t i = 0; *ret_id == 0 && i < count; i++) {
        enum shared mails;
        if (!rows[i].same_name)
            continue;
        if (!shared_keys(s, STMT_MATCH_MAILS_OF, person, rows[i].id, &mails, err))
            return false;
        if (mails != SHARED_NONE)
            *ret_id = rows[i].id;
    }
    return true;
}

/* The line alone names somebody only where one side has no name: the one there without a name, else whoever is the only
 * one there. A row without a name on a line of several named people is somebody of its own. */
static bool nameless_on_line(struct store *s, const struct import_person *person, const struct candidate *rows,
                             size_t count, bool whole_line, int64_t *ret_id, struct error *err)
{
    int64_t unnamed = 0, any = 0;
    size_t fits = 0;
    for (size_t i = 0; unnamed == 0 && i < count; i++) {
        enum shared mails;
        if (!rows[i].nameless || rows[i].other_record)
            continue;
        if (!shared_keys(s, STMT_MATCH_MAILS_OF, person, rows[i].id, &mails, err))
            return false;
        if (mails == SHARED_NONE)
            continue;
        fits++;
        any = rows[i].id;
        if (rows[i].unnamed)
            unnamed = rows[i].id;
    }
    if (unnamed != 0)
        *ret_id = unnamed;
    else if (whole_line && fits == 1 && count == 1)
        *ret_id = any;
    return true;
}

static bool by_line(struct store *s, const struct import_person *person, struct str folded, int64_t *ret_id,
                    struct error *err)
{
    for (size_t p = 0; *ret_id == 0 && p < person->phones_count; p++) {
        struct str e164 = person->phones[p].number.e164;
        struct candidate rows[CANDIDATES];
        size_t count = 0;
        if (!candidates_load(s, STMT_MATCH_LINE, ":e164", e164, person, folded, LINE_MOST, rows, &count, err) ||
            !same_on_line(s, person, rows, count, ret_id, err))
            return false;
        bool crowded = count == LINE_MOST; /* a switchboard: ask by name */
        if (*ret_id == 0 && crowded) {
            struct stmt q;
            if (!stmt_open(s, folded.len != 0 ? STMT_MATCH_LINE_NAME : STMT_MATCH_LINE_UNNAMED, &q, err))
                return false;
            stmt_str(&q, ":e164", e164);
            if (folded.len != 0) {
                stmt_str(&q, ":folded", folded);
                stmt_int(&q, ":most", NAME_MOST);
            }
            count = 0;
            while (count < CANDIDATES && stmt_row(&q, err))
                rows[count++] = candidate_of(&q, person, folded);
            if (!stmt_close(&q) || !same_on_line(s, person, rows, count, ret_id, err))
                return false;
        }
        if (*ret_id == 0 && !nameless_on_line(s, person, rows, count, !crowded, ret_id, err))
            return false;
    }
    return true;
}

static bool by_hash(struct store *s, const struct import_person *person, int64_t *ret_id, struct error *err)
{
    if (person->external_id.len != 0 || person->mails_count != 0 || person->phones_count != 0 ||
        person->row_hash.len == 0)
        return true;
    struct stmt q;
    if (!stmt_open(s, STMT_MATCH_HASH, &q, err))
        return false;
    stmt_str(&q, ":hash", person->row_hash);
    if (stmt_row(&q, err))
        *ret_id = stmt_column_int(&q, 0);
    return stmt_close(&q);
}

bool import_find(struct store *s, const struct import_person *person, struct str folded, struct str signature,
                 int64_t *ret_id, struct error *err)
{
    *ret_id = 0;
    if (!by_record(s, person, folded, signature, ret_id, err))
        return false;
    if (*ret_id == 0 && !by_mail(s, person, folded, ret_id, err))
        return false;
    if (*ret_id == 0 && !by_line(s, person, folded, ret_id, err))
        return false;
    return *ret_id != 0 || by_hash(s, person, ret_id, err);
}
