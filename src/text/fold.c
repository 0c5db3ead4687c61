/* SPDX-License-Identifier: MIT */
/*
 * The key under which two spellings of a name are the same name.
 *
 * Unicode's compatibility decomposition and case folding do most of it. On top: marks go, unless a script writes its
 * vowels or consonants with them (Hindi, Thai, the voicing of kana); the letters that Arabic writers swap freely become
 * one; letters with a stroke lose it, since nobody types them when searching. Keys are compared byte by byte and kept
 * in the store: a change here asks for new keys there.
 *
 * Scripts with most of the names have short ways round utf8proc, which costs about ten times as much a letter.
 */
#include "calldeck/utf8.h"

#include <string.h>
#include <utf8proc.h>

enum { BLANK = ' ', NOTHING = 0 };

struct key {
    struct buf *out;
    size_t start; /* of the key in out */
    bool gap;     /* a blank is due before the next letter */
    size_t len;   /* of the bytes that wait in chunk */
    char chunk[64];
};

static void key_flush(struct key *key)
{
    buf_add(key->out, key->chunk, key->len);
    key->len = 0;
}

/* A letter or digit as it stands in the key, BLANK between words, or NOTHING. */
static void key_add(struct key *key, uint32_t code)
{
    if (code == NOTHING)
        return;
    if (code == BLANK) {
        key->gap = key->len > 0 || key->out->len > key->start;
        return;
    }
    if (key->len + 5 > sizeof key->chunk)
        key_flush(key);
    if (key->gap)
        key->chunk[key->len++] = BLANK;
    key->gap = false;
    if (code < 0x80)
        key->chunk[key->len++] = (char)code;
    else
        key->len += utf8_encode(code, key->chunk + key->len);
}

static uint32_t fold_ascii(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return c + 32u;
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'))
        return c;
    return BLANK;
}

/* Arabic, in the order of the letters: what a letter is in the key. */
static uint32_t fold_arabic(uint32_t code)
{
    switch (code) {
    case 0x0622: /* alef with madda, hamza above, hamza below */
    case 0x0623:
    case 0x0625:
    case 0x0671: /* alef wasla */
    case 0x0672:
    case 0x0673:
        return 0x0627;
    case 0x0624: /* waw with hamza */
        return 0x0648;
    case 0x0626: /* ya with hamza, alef maqsura, Persian ya */
    case 0x0649:
    case 0x06cc:
        return 0x064a;
    case 0x0629: /* ta marbuta, and the several forms of ha */
    case 0x06be:
    case 0x06c0:
    case 0x06c1:
    case 0x06c2:
    case 0x06c3:
    case 0x06d5:
        return 0x0647;
    case 0x06a9: /* Persian kaf */
    case 0x06aa:
        return 0x0643;
    case 0x0640: /* tatweel, high hamza */
    case 0x0674:
        return NOTHING;
    default:
        break;
    }
    if ((code >= 0x064b && code <= 0x065f) || code == 0x0670 || (code >= 0x06d6 && code <= 0x06dc))
        return NOTHING; /* vowel marks */
    if (code >= 0x0660 && code <= 0x0669)
        return '0' + (code - 0x0660);
    if (code >= 0x06f0 && code <= 0x06f9)
        return '0' + (code - 0x06f0);
    return code;
}

/* The digits of other scripts whose users write phone numbers and house numbers with them. */
static uint32_t fold_digit(uint32_t code)
{
    static const uint32_t zeros[] = {0x07c0, 0x0966, 0x09e6, 0x0a66, 0x0ae6, 0x0b66, 0x0be6, 0x0c66,
                                     0x0ce6, 0x0d66, 0x0e50, 0x0ed0, 0x0f20, 0x1040, 0x17e0, 0x1810};
    for (size_t i = 0; i < sizeof zeros / sizeof zeros[0]; i++)
        if (code >= zeros[i] && code <= zeros[i] + 9)
            return '0' + (code - zeros[i]);
    return code;
}

/* Letters that Unicode does not take apart; two letters at most. */
static bool fold_latin(uint32_t code, uint32_t ret[2])
{
    static const struct {
        uint16_t code;
        char to[3];
    } letters[] = {
        {0x00e6, "ae"}, {0x00f0, "d"}, {0x00f8, "o"}, {0x00fe, "th"}, {0x0111, "d"},
        {0x0127, "h"},  {0x0131, "i"}, {0x0138, "k"}, {0x0142, "l"},  {0x014b, "n"},
        {0x0153, "oe"}, {0x0167, "t"}, {0x0180, "b"}, {0x0268, "i"},  {0x0289, "u"},
    };
    for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++)
        if (letters[i].code == code) {
            ret[0] = (unsigned char)letters[i].to[0];
            ret[1] = (unsigned char)letters[i].to[1];
            return true;
        }
    return false;
}

/* Whether a mark may go: most may, but not what another script spells its vowels, stops or voicing with. */
static bool is_loose_mark(const utf8proc_property_t *property)
{
    if (property->category == UTF8PROC_CATEGORY_ME)
        return true;
    if (property->category != UTF8PROC_CATEGORY_MN)
        return false;
    switch (property->combining_class) {
    case 0:  /* vowel signs of the Indic scripts and their kin */
    case 8:  /* voicing of kana */
    case 9:  /* virama */
    case 84: /* Telugu, Thai, Lao and Tibetan vowels and tones */
    case 91:
    case 103:
    case 107:
    case 118:
    case 122:
    case 129:
    case 130:
    case 132:
        return false;
    default:
        return true;
    }
}

/* One code point of a full decomposition. */
static void fold_part(struct key *key, uint32_t code)
{
    uint32_t two[2];
    if (code < 0x80) {
        key_add(key, fold_ascii((unsigned char)code));
        return;
    }
    if (code >= 0x0600 && code <= 0x06ff)
        code = fold_arabic(code);
    else
        code = fold_digit(code);
    if (code < 0x80) {
        key_add(key, code);
        return;
    }
    if (code < 0x0300 && fold_latin(code, two)) {
        key_add(key, two[0]);
        key_add(key, two[1]);
        return;
    }
    if (code >= 0x02b9 && code <= 0x02bf) { /* letters to Unicode, apostrophes to whoever typed them */
        key_add(key, BLANK);
        return;
    }
    const utf8proc_property_t *property = utf8proc_get_property((utf8proc_int32_t)code);
    if (property->ignorable || is_loose_mark(property))
        return;
    switch ((int)property->category) {
    case UTF8PROC_CATEGORY_PC:
    case UTF8PROC_CATEGORY_PD:
    case UTF8PROC_CATEGORY_PS:
    case UTF8PROC_CATEGORY_PE:
    case UTF8PROC_CATEGORY_PI:
    case UTF8PROC_CATEGORY_PF:
    case UTF8PROC_CATEGORY_PO:
    case UTF8PROC_CATEGORY_SM:
    case UTF8PROC_CATEGORY_SC:
    case UTF8PROC_CATEGORY_SK:
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CC:
        key_add(key, BLANK);
        return;
    default: /* the rest are letters, digits and pictures: they tell names apart */
        break;
    }
    key_add(key, code);
}

static void fold_any(struct key *key, uint32_t code)
{
    /* the marks of a trade, not of a name: they would decompose to letters, or be pictures */
    if (code == 0x00a9 || code == 0x00ae || code == 0x2120 || code == 0x2122) {
        key_add(key, BLANK);
        return;
    }
    enum { PARTS = 32 }; /* the longest decomposition has 18 */
    utf8proc_int32_t parts[PARTS];
    int boundclass = UTF8PROC_BOUNDCLASS_START;
    utf8proc_ssize_t count = utf8proc_decompose_char(
        (utf8proc_int32_t)code, parts, PARTS,
        (utf8proc_option_t)(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD), &boundclass);
    if (count < 0 || count > PARTS) {
        key_add(key, 0xfffd);
        return;
    }
    for (utf8proc_ssize_t i = 0; i < count; i++)
        fold_part(key, (uint32_t)parts[i]);
}

/* U+00C0 to U+017F, without case and marks: '?' is for the long way. */
static char latin_base(uint32_t code)
{
    static const char bases[] = "aaaaaa?ceeeeiiii"
                                "?nooooo??uuuuy??"
                                "aaaaaa?ceeeeiiii"
                                "?nooooo??uuuuy?y"
                                "aaaaaaccccccccdd"
                                "??eeeeeeeeeegggg"
                                "gggghh??iiiiiiii"
                                "i???jjkk?lllllll"
                                "l??nnnnnn???oooo"
                                "oo??rrrrrrssssss"
                                "sstttt??uuuuuuuu"
                                "uuuuwwyyyzzzzzz?";
    _Static_assert(sizeof bases == 0x180 - 0xc0 + 1, "a base a letter");
    return bases[code - 0xc0];
}

/* Letters that are their own key: Han, Cyrillic and Hindi but for those that come apart. */
static bool is_own_key(uint32_t code)
{
    if (code >= 0x4e00 && code <= 0x9fff)
        return true;
    if (code >= 0x0430 && code <= 0x044f)
        return code != 0x0439;
    if (code >= 0x0905 && code <= 0x094d)
        return code != 0x0929 && code != 0x0931 && code != 0x0934 && code != 0x093c;
    return false;
}

void text_fold(struct str s, struct buf *out)
{
    struct key key = {.out = out, .start = out->len};
    size_t at = 0;
    while (at < s.len) {
        unsigned char c = (unsigned char)s.at[at];
        if (c < 0x80) {
            key_add(&key, fold_ascii(c));
            at++;
            continue;
        }
        uint32_t code;
        at += utf8_decode(str_skip(s, at), &code);
        if (code >= 0xc0 && code < 0x180 && latin_base(code) != '?')
            key_add(&key, (unsigned char)latin_base(code));
        else if ((code >= 0x0621 && code <= 0x0655) || (code >= 0x0660 && code <= 0x0669))
            key_add(&key, fold_arabic(code));
        else if (is_own_key(code))
            key_add(&key, code);
        else if (code >= 0x0410 && code <= 0x042f && code != 0x0419)
            key_add(&key, code + 0x20);
        else
            fold_any(&key, code);
    }
    key_flush(&key);
}
