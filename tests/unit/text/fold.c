/* SPDX-License-Identifier: MIT */
/* Spellings that must meet under one key, and names that must not. */
#include "test.h"

#include <string.h>
#include <utf8proc.h>

#include "calldeck/utf8.h"

static void fold(const char *text, struct buf *out)
{
    buf_clear(out);
    text_fold(str_of(text), out);
}

TEST(text_fold_keys)
{
    static const struct {
        const char *text, *key;
    } rows[] = {
        {"", ""},
        {" \t\n", ""},
        {"...", ""},
        {"Tom Okafor", "tom okafor"},
        {"  TOM \t okafor. ", "tom okafor"},
        {"Anna-Lena O'Brien", "anna lena o brien"},
        {"O\u2019Brien", "o brien"},
        {"O\u02bcBrien", "o brien"},
        {"Jürgen Weiß", "jurgen weiss"},
        {"JÜRGEN WEISS", "jurgen weiss"},
        {"Ju\u0308rgen WEI\u1e9e", "jurgen weiss"},
        {"Søren Æbelø", "soren aebelo"},
        {"Łódź", "lodz"},
        {"Dvořák", "dvorak"},
        {"Þórður Đặng", "thordur dang"},
        {"Œuvre", "oeuvre"},
        {"Νίκος ΝΊΚΟΣ", "νικοσ νικοσ"},
        {"Чайковский", "чаиковскии"},
        {"Ｊｏｈｎ　１２３", "john 123"},
        {"ﬁrma", "firma"},
        {"Acme™ ®", "acme"},
        {"R&D GmbH & Co. KG", "r d gmbh co kg"},
        {"€ 5", "5"},
        {"陳美玲", "陳美玲"},
        {"陳\u3000美玲", "陳 美玲"},
        {"😀", "😀"},
        {"👍🏽", "👍"},
        {"\u200bx\ufeff\u202e", "x"},
        {"a\xff", "a\xef\xbf\xbd"},
        {"१२३ ०", "123 0"},
        {"٠١٢٣ ۴۵۶", "0123 456"},
    };
    struct buf out;
    buf_init(&out);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        fold(rows[i].text, &out);
        if (strcmp(out.at, rows[i].key) != 0)
            fail_msg("\"%s\" gives \"%s\", want \"%s\"", rows[i].text, out.at, rows[i].key);
    }
    buf_done(&out);
}

TEST(text_fold_one_name_in_many_spellings)
{
    static const char *const groups[][6] = {
        {"فاطمة", "فاطمه", "فَاطِمَة", "فـاطـمـة", "ﻓﺎﻃﻤﺔ"},
        {"أحمد", "احمد", "آحمد", "إحمد", "أَحْمَد", "ٱحمد"},
        {"ليلى", "ليلي", "لیلی", "لَيْلَى", "ليـــلى"},
        {"مصطفى كامل", "مصطفي  كامل", "مصطفی کامل"},
        {"مؤمن", "موٴمن", "مومن"},
        {"Yıldız", "YILDIZ", "yıldız", "Yildiz"},
        {"İstanbul", "istanbul", "ISTANBUL", "I\u0307stanbul"},
        {"علی‌رضا", "علیرضا", "عليرضا"},
        {"한국", "\u1112\u1161\u11ab\u1100\u116e\u11a8"},
        {"がき", "か\u3099き"},
        {"ज़ैन", "जैन", "ज\u093cैन"},
        {"Straße", "STRASSE", "strasse", "STRAẞE"},
        {"Nguyễn", "NGUYÊ\u0303N", "Nguyen"},
    };
    struct buf first, other;
    buf_init(&first);
    buf_init(&other);
    for (size_t i = 0; i < sizeof groups / sizeof groups[0]; i++) {
        fold(groups[i][0], &first);
        assert_true(first.len > 0);
        for (size_t j = 1; j < 6 && groups[i][j] != NULL; j++) {
            fold(groups[i][j], &other);
            if (!str_eq(buf_str(&first), buf_str(&other)))
                fail_msg("\"%s\" gives \"%s\", but \"%s\" gives \"%s\"", groups[i][0], first.at, groups[i][j],
                         other.at);
        }
    }
    buf_done(&first);
    buf_done(&other);
}

TEST(text_fold_keeps_names_apart)
{
    static const char *const pairs[][2] = {
        {"सुनील", "सनील"}, /* a vowel is no ornament */
        {"राजू", "राजे"},   {"か", "が"}, {"ক্ত", "কত"},    {"น่า", "นา"},    {"Anna Li", "Annali"},
        {"陳", "陈"},     {"😀", "🎉"},   {"سمير", "سمر"}, {"Ole", "Øle1"},
    };
    struct buf a, b;
    buf_init(&a);
    buf_init(&b);
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        fold(pairs[i][0], &a);
        fold(pairs[i][1], &b);
        if (str_eq(buf_str(&a), buf_str(&b)))
            fail_msg("\"%s\" and \"%s\" are both \"%s\"", pairs[i][0], pairs[i][1], a.at);
    }
    buf_done(&a);
    buf_done(&b);
}

TEST(text_fold_appends)
{
    struct buf out;
    buf_init(&out);
    buf_add_text(&out, "id:");
    text_fold(STR(" A b "), &out);
    assert_string_equal(out.at, "id:a b");
    text_fold(STR("-"), &out);
    text_fold((struct str){NULL, 0}, &out);
    assert_string_equal(out.at, "id:a b");
    buf_done(&out);
}

/* For every character there is: a key folds to itself, and composed or taken apart is the same. */
TEST(text_fold_laws_for_every_code_point)
{
    struct buf key, again, apart, parts;
    buf_init(&key);
    buf_init(&again);
    buf_init(&apart);
    buf_init(&parts);
    for (uint32_t code = 1; code <= 0x10ffff; code++) {
        if (code >= 0xd800 && code <= 0xdfff)
            continue;
        char text[8] = "x";
        text[1 + utf8_encode(code, text + 1)] = '\0';
        fold(text, &key);
        buf_clear(&again);
        text_fold(buf_str(&key), &again);
        if (!str_eq(buf_str(&key), buf_str(&again)))
            fail_msg("U+%04X gives \"%s\", then \"%s\"", (unsigned)code, key.at, again.at);
        assert_true(utf8_valid(buf_str(&key)));
        if (key.at[0] == ' ' || key.at[key.len - 1] == ' ' || strstr(key.at, "  ") != NULL)
            fail_msg("U+%04X gives blanks: \"%s\"", (unsigned)code, key.at);

        utf8proc_int32_t codes[32];
        int boundclass = 0;
        utf8proc_ssize_t count =
            utf8proc_decompose_char((utf8proc_int32_t)code, codes, 32, UTF8PROC_DECOMPOSE, &boundclass);
        if (count == 1 && codes[0] == (utf8proc_int32_t)code)
            continue;
        buf_clear(&parts);
        buf_add_char(&parts, 'x');
        for (utf8proc_ssize_t i = 0; i < count; i++) {
            char bytes[4];
            buf_add(&parts, bytes, utf8_encode((uint32_t)codes[i], bytes));
        }
        buf_clear(&apart);
        text_fold(buf_str(&parts), &apart);
        if (!str_eq(buf_str(&key), buf_str(&apart)))
            fail_msg("U+%04X gives \"%s\", taken apart \"%s\"", (unsigned)code, key.at, apart.at);
    }
    buf_done(&key);
    buf_done(&again);
    buf_done(&apart);
    buf_done(&parts);
}

TEST(text_fold_of_long_and_broken_text)
{
    struct buf in, out;
    buf_init(&in);
    buf_init(&out);
    for (int i = 0; i < 5000; i++)
        buf_add_text(&in, "Ünï\xff\xf0\x9f ﷺ ");
    text_fold(buf_str(&in), &out);
    assert_true(out.len > in.len);
    assert_true(utf8_valid(buf_str(&out)));
    buf_done(&in);
    buf_done(&out);
}
