/* SPDX-License-Identifier: MIT */
/* "Office" may be a number, an address or a town: what stands in the column says it. */
#include "calldeck/columns.h"
#include "test.h"

static void look(const char *text, struct arena *a, struct mapping *ret)
{
    struct csv *c = csv_open_text(str_of(text), NULL, NULL);
    struct csv_row row, rows[8];
    size_t count = 0;
    while (count < 8 && csv_read(c, &row, NULL) == CSV_ROW)
        rows[count++] = csv_row_copy(row, a);
    csv_close(c);
    assert_int_equal(columns_find_header(rows, count), 0);
    columns_map(rows[0].fields, rows[0].count, a, ret);
    columns_look(ret, rows + 1, count - 1);
}

TEST(columns_beside_rows)
{
    static const struct {
        const char *file;
        enum field second, third;
        const char *label; /* of the third */
    } rows[] = {
        {"Name,Mobile,Office\nAda,+12125550160,+12125550161\n", FIELD_PHONE, FIELD_PHONE, "work"},
        {"Name,Mobile,Office\nAda,+12125550160,\nBela,,(312) 555-0163\n", FIELD_PHONE, FIELD_PHONE, "work"},
        {"Name,Mobile,Office\nAda,+12125550160,Berlin\n", FIELD_PHONE, FIELD_ATTRIBUTE, NULL},
        {"Name,Mobile,Office\nAda,+12125550160,+12125550161\nBela,,Berlin\n", FIELD_PHONE, FIELD_ATTRIBUTE, NULL},
        {"Name,Mobile,Office\nAda,+12125550160,\n", FIELD_PHONE, FIELD_ATTRIBUTE, NULL},
        {"Name,Mobile,Customer\nAda,+12125550160,2125550161\n", FIELD_PHONE, FIELD_ATTRIBUTE, NULL},
        {"Name,Home,Work\nAda,ada@example.com,+12125550161\n", FIELD_MAIL, FIELD_PHONE, "work"},
        {"Name,Mobile,Direct\nAda,+12125550160,4711001\nBela,,4711002\n", FIELD_PHONE, FIELD_ATTRIBUTE, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct arena a = {0};
        struct mapping m;
        look(rows[i].file, &a, &m);
        if (m.columns[1].field != rows[i].second || m.columns[2].field != rows[i].third)
            fail_msg("%s: %s and %s", rows[i].file, field_name(m.columns[1].field), field_name(m.columns[2].field));
        if (rows[i].label != NULL)
            assert_true(str_is(m.columns[2].label, rows[i].label));
        arena_done(&a);
    }
}
