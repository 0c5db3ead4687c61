/* SPDX-License-Identifier: MIT */
#include "calldeck/columns.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "calldeck/utf8.h"
#include "test.h"

enum { ROWS_MAX = 100 };

struct file {
    struct arena arena;
    struct csv_row rows[ROWS_MAX];
    size_t count;
    int header;
    struct mapping m;
};

static void file_read(struct file *f, struct csv *c)
{
    struct csv_row row;
    enum csv_result result = CSV_END;
    *f = (struct file){0};
    while (f->count < ROWS_MAX && (result = csv_read(c, &row, NULL)) == CSV_ROW)
        f->rows[f->count++] = csv_row_copy(row, &f->arena);
    assert_int_not_equal(result, CSV_FAILED);
    csv_close(c);
    f->header = columns_find_header(f->rows, f->count);
    if (f->header >= 0)
        columns_map(f->rows[f->header].fields, f->rows[f->header].count, &f->arena, &f->m);
    else
        columns_guess(f->rows, f->count < COLUMNS_LOOK_ROWS ? f->count : COLUMNS_LOOK_ROWS, &f->arena, &f->m);
}

static void file_open(struct file *f, const char *name)
{
    char path[512];
    struct error err = {0};
    snprintf(path, sizeof path, "%s/exports/%s", TEST_DATA, name);
    struct csv *c = csv_open(open(path, O_RDONLY | O_CLOEXEC), &err);
    if (c == NULL)
        fail_msg("%s: %s", path, err.text);
    file_read(f, c);
}

static void file_of(struct file *f, const char *text)
{
    file_read(f, csv_open_text(str_of(text), NULL, NULL));
}

/* The columns that are more than attributes, a line each; labels and extensions with the number of their column. */
static void describe(const struct mapping *m, struct buf *out)
{
    for (size_t i = 0; i < m->count; i++) {
        const struct column *c = &m->columns[i];
        if (c->field == FIELD_ATTRIBUTE)
            continue;
        mapping_format(m, i, out);
        if (c->label_column >= 0)
            buf_printf(out, " label %d", c->label_column + 1);
        if (c->extension_column >= 0)
            buf_printf(out, " ext %d", c->extension_column + 1);
        buf_add_char(out, '\n');
    }
}

static void assert_maps(struct file *f, const char *want)
{
    struct buf got;
    buf_init(&got);
    describe(&f->m, &got);
    if (strcmp(got.at, want) != 0)
        fail_msg("mapped as\n%snot\n%s", got.at, want);
    buf_done(&got);
}

static void assert_invariants(const struct mapping *m)
{
    int held[FIELD_COUNT_] = {0}, phones = 0, mails = 0;
    for (size_t i = 0; i < m->count; i++) {
        const struct column *c = &m->columns[i];
        held[c->field]++;
        phones += c->field == FIELD_PHONE;
        mails += c->field == FIELD_MAIL;
        assert_true(c->header.len > 0);
        assert_true(utf8_valid(c->header));
        for (size_t j = 0; j < i; j++)
            assert_false(str_eq(c->header, m->columns[j].header));
        if (c->label_column >= 0)
            assert_int_equal(m->columns[c->label_column].index, c->index);
        if (c->extension_column >= 0)
            assert_int_equal(m->columns[c->extension_column].field, FIELD_EXTENSION);
    }
    for (int f = 0; f < FIELD_COUNT_; f++)
        if (f != FIELD_ATTRIBUTE && f != FIELD_IGNORE && f != FIELD_PHONE && f != FIELD_MAIL &&
            f != FIELD_PHONE_LABEL && f != FIELD_MAIL_LABEL && f != FIELD_EXTENSION)
            assert_true(held[f] <= 1);
    for (int n = 1; n <= phones; n++) {
        size_t found = 0;
        for (size_t i = 0; i < m->count; i++)
            found += m->columns[i].field == FIELD_PHONE && m->columns[i].index == n;
        assert_int_equal(found, 1);
    }
    for (int n = 1; n <= mails; n++) {
        size_t found = 0;
        for (size_t i = 0; i < m->count; i++)
            found += m->columns[i].field == FIELD_MAIL && m->columns[i].index == n;
        assert_int_equal(found, 1);
    }
}

TEST(columns_of_known_exports)
{
    static const struct {
        const char *file;
        enum export_kind export;
        int header;
        const char *want;
    } cases[] = {
        {"hubspot-contacts.csv", EXPORT_HUBSPOT, 0,
         "Record ID -> external-id\nFirst Name -> first-name\nLast Name -> last-name\nEmail -> mail 1\n"
         "Phone Number -> phone 1\nContact owner -> owner\nCreate Date -> created-at\nLead Source -> source\n"
         "Associated Company -> company\n"},
        {"salesforce-lead-report.csv", EXPORT_SALESFORCE, 0,
         "Lead Owner -> owner\nFirst Name -> first-name\nLast Name -> last-name\nTitle -> title\n"
         "Company / Account -> company\nEmail -> mail 1\nLead Source -> source\nStreet -> street\nPhone -> phone 1\n"
         "Mobile -> phone 2 (mobile)\nState/Province -> state\nCreate Date -> created-at\nDo Not Call -> "
         "do-not-call\n"},
        {"salesforce-leads-api.csv", EXPORT_SALESFORCE, 0,
         "Id -> external-id\nSalutation -> prefix\nFirstName -> first-name\nLastName -> last-name\nTitle -> title\n"
         "Company -> company\nStreet -> street\nCity -> city\nState -> state\nPostalCode -> postal-code\n"
         "Country -> country\nPhone -> phone 1\nMobilePhone -> phone 2 (mobile)\nEmail -> mail 1\nDescription -> note\n"
         "LeadSource -> source\nOwnerId -> owner\nHasOptedOutOfEmail -> mail-opt-out\nDoNotCall -> do-not-call\n"
         "CreatedDate -> created-at\n"},
        {"apollo.csv", EXPORT_APOLLO, 0,
         "First Name -> first-name\nLast Name -> last-name\nTitle -> title\nCompany -> company\nEmail -> mail 1\n"
         "Contact Owner -> owner\nWork Direct Phone -> phone 1 (direct)\nHome Phone -> phone 2 (home)\n"
         "Mobile Phone -> phone 3 (mobile)\nCorporate Phone -> phone 5 (company)\nOther Phone -> phone 4 (other)\n"
         "City -> city\nState -> state\nCountry -> country\nCompany Address -> street\nCompany Phone -> phone 6 "
         "(company)\n"
         "Apollo Contact Id -> external-id\n"},
        {"google-contacts-2024.csv", EXPORT_GOOGLE, 0,
         "First Name -> first-name\nMiddle Name -> middle-name\nLast Name -> last-name\nName Prefix -> prefix\n"
         "Name Suffix -> suffix\nOrganization Name -> company\nOrganization Title -> title\nNotes -> note\n"
         "E-mail 1 - Label -> mail-label 1\nE-mail 1 - Value -> mail 1 label 18\nE-mail 2 - Label -> mail-label 2\n"
         "E-mail 2 - Value -> mail 2 label 20\nPhone 1 - Label -> phone-label 1\nPhone 1 - Value -> phone 1 label 22\n"
         "Phone 2 - Label -> phone-label 2\nPhone 2 - Value -> phone 2 label 24\nPhone 3 - Label -> phone-label 3\n"
         "Phone 3 - Value -> phone 3 label 26\nAddress 1 - Formatted -> street\nAddress 1 - City -> city\n"
         "Address 1 - Region -> state\nAddress 1 - Postal Code -> postal-code\nAddress 1 - Country -> country\n"},
        {"google-contacts-older.csv", EXPORT_GOOGLE_OLD, 0,
         "Name -> name\nGiven Name -> first-name\nAdditional Name -> middle-name\nFamily Name -> last-name\n"
         "Name Prefix -> prefix\nName Suffix -> suffix\nNotes -> note\nLanguage -> language\n"
         "E-mail 1 - Type -> mail-label 1\nE-mail 1 - Value -> mail 1 label 30\nE-mail 2 - Type -> mail-label 2\n"
         "E-mail 2 - Value -> mail 2 label 32\nPhone 1 - Type -> phone-label 1\nPhone 1 - Value -> phone 1 label 34\n"
         "Phone 2 - Type -> phone-label 2\nPhone 2 - Value -> phone 2 label 36\nOrganization 1 - Name -> company\n"
         "Organization 1 - Title -> title\n"},
        {"outlook-contacts.csv", EXPORT_OUTLOOK, 0,
         "Title -> prefix\nFirst Name -> first-name\nMiddle Name -> middle-name\nLast Name -> last-name\n"
         "Suffix -> suffix\nCompany -> company\nJob Title -> title\nBusiness Street -> street\nBusiness City -> city\n"
         "Business State -> state\nBusiness Postal Code -> postal-code\nBusiness Country/Region -> country\n"
         "Business Phone -> phone 1 (work)\nBusiness Phone 2 -> phone 2 (work)\nCar Phone -> phone 3 (car)\n"
         "Company Main Phone -> phone 9 (company)\nHome Phone -> phone 4 (home)\nHome Phone 2 -> phone 5 (home)\n"
         "Mobile Phone -> phone 6 (mobile)\nOther Phone -> phone 7 (other)\nPrimary Phone -> phone 8\n"
         "E-mail Address -> mail 1\nE-mail 2 Address -> mail 2\nLanguage -> language\nNotes -> note\n"},
        {"linkedin-connections.csv", EXPORT_LINKEDIN, 2,
         "First Name -> first-name\nLast Name -> last-name\nURL -> external-id\nEmail Address -> mail 1\n"
         "Company -> company\nPosition -> title\nConnected On -> created-at\n"},
        {"vicidial-leads.csv", EXPORT_VICIDIAL, 0,
         "entry_date -> created-at\nvendor_lead_code -> external-id\nsource_id -> source\nphone_code -> phone-code\n"
         "phone_number -> phone 1\ntitle -> prefix\nfirst_name -> first-name\nmiddle_initial -> middle-name\n"
         "last_name -> last-name\naddress1 -> street\ncity -> city\nstate -> state\npostal_code -> postal-code\n"
         "country_code -> country\nalt_phone -> phone 2 (other)\nemail -> mail 1\ncomments -> note\nowner -> owner\n"},
        {"kundenliste.csv", EXPORT_ANY, 0,
         "Anrede -> prefix\nVorname -> first-name\nName -> last-name\nFirma -> company\nFunktion -> title\n"
         "Straße -> street\nPLZ -> postal-code\nOrt -> city\nLand -> country\nTelefon -> phone 1\nTelefon 2 -> phone "
         "2\n"
         "Handy -> phone 3 (mobile)\nDurchwahl -> phone 4 (direct)\nE-Mail -> mail 1\nBemerkungen -> note\n"
         "Nicht anrufen -> do-not-call\n"},
        {"no-header.csv", EXPORT_ANY, -1,
         "column 1 -> name\ncolumn 2 -> company\ncolumn 3 -> phone 1\ncolumn 4 -> mail 1\ncolumn 5 -> zone\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct file f;
        file_open(&f, cases[i].file);
        assert_int_equal(f.header, cases[i].header);
        assert_int_equal(f.m.guessed, cases[i].header < 0);
        assert_string_equal(export_name(f.m.export), export_name(cases[i].export));
        assert_maps(&f, cases[i].want);
        assert_invariants(&f.m);
        arena_done(&f.arena);
    }
}

TEST(columns_of_hand_made_sheets)
{
    static const struct {
        const char *header, *want;
    } cases[] = {
        {"fname,lname,tel,org", "fname -> first-name\nlname -> last-name\ntel -> phone 1\norg -> company\n"},
        {"Forename,Surname,cell #,e-mail,timezone", "Forename -> first-name\nSurname -> last-name\ncell # -> phone 1 "
                                                    "(mobile)\ne-mail -> mail 1\ntimezone -> zone\n"},
        {"phone_number,PhoneNumber2,WORK_PHONE,Work Phone Extension",
         "phone_number -> phone 1\nPhoneNumber2 -> phone 2\nWORK_PHONE -> phone 3 (work) ext 4\n"
         "Work Phone Extension -> extension 3\n"},
        {"Company Name,Contact,Phone (Work),Phone (Mobile),Company Phone",
         "Company Name -> company\nContact -> name\nPhone (Work) -> phone 1 (work)\nPhone (Mobile) -> phone 2 "
         "(mobile)\n"
         "Company Phone -> phone 3 (company)\n"},
        {"Full Name;Tel. privat;Tel. geschäftlich", "Full Name -> name\nTel. privat -> phone 1 (home)\n"
                                                    "Tel. geschäftlich -> phone 2 (work)\n"},
        {"Nom,Prénom,Société,Téléphone portable,Adresse e-mail,Code postal,Ville,Pays,Commentaires",
         "Nom -> last-name\nPrénom -> first-name\nSociété -> company\nTéléphone portable -> phone 1 (mobile)\n"
         "Adresse e-mail -> mail 1\nCode postal -> postal-code\nVille -> city\nPays -> country\nCommentaires -> "
         "note\n"},
        {"Nombre,Apellidos,Empresa,Teléfono,Móvil,Correo electrónico,País",
         "Nombre -> first-name\nApellidos -> last-name\nEmpresa -> company\nTeléfono -> phone 1\nMóvil -> phone 2 "
         "(mobile)\n"
         "Correo electrónico -> mail 1\nPaís -> country\n"},
        {"Nombre,Correo", "Nombre -> name\nCorreo -> mail 1\n"},
        {"First Name,Name,Phone", "First Name -> first-name\nName -> name\nPhone -> phone 1\n"},
        {"Name,Surname,Phone", "Name -> first-name\nSurname -> last-name\nPhone -> phone 1\n"},
        {"الاسم,الهاتف,رقم الجوال,البريد الإلكتروني,الشركة",
         "الاسم -> name\nالهاتف -> phone 1\nرقم الجوال -> phone 2 (mobile)\nالبريد الإلكتروني -> mail 1\nالشركة -> "
         "company\n"},
        {"姓名,公司,电话,手机,邮箱",
         "姓名 -> name\n公司 -> company\n电话 -> phone 1\n手机 -> phone 2 (mobile)\n邮箱 -> mail 1\n"},
        /* about a phone, and no phone */
        {"Phone,Phone Status,Phone Verified,Last Phone Call,Phone Calls,Best time to phone,Fax,Home Fax,Pager,Telex",
         "Phone -> phone 1\n"},
        {"Email,Email Status,Email Opt Out,Last email sent", "Email -> mail 1\nEmail Opt Out -> mail-opt-out\n"},
        {"E-Mail-Adresse,Tel.-Nr.,Mobile No.,Contact No.,Email ID,Owner Email,Assistant Phone,Straße und Hausnummer",
         "E-Mail-Adresse -> mail 1\nTel.-Nr. -> phone 1\nMobile No. -> phone 2 (mobile)\nContact No. -> phone 3\n"
         "Email ID -> mail 2\nStraße und Hausnummer -> street\n"},
        {"Mobile,Mobile App,Cell Type,Car", "Mobile -> phone 1 (mobile)\n"},
        /* competition */
        {"Notes,Comments,Remarks", "Notes -> note\n"},
        {"LinkedIn URL,Record ID,Contact ID", "Record ID -> external-id\n"},
        {"LinkedIn URL,Name", "LinkedIn URL -> external-id\nName -> name\n"},
        {"Associated Company,Company Name", "Company Name -> company\n"},
        {"Company Country,Country,Home Country", "Country -> country\n"},
        {"Region,State", "State -> state\n"},
        {"Region,Name", "Region -> state\nName -> name\n"},
        {"Phone Type,Phone,Phone 2,Phone 2 Type", "Phone Type -> phone-label 1\nPhone -> phone 1 label 1\nPhone 2 -> "
                                                  "phone 2 label 4\nPhone 2 Type -> phone-label 2\n"},
        {"Extension,Name", "Name -> name\n"},
        {"DNC,Opt Out", "DNC -> do-not-call\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct file f;
        file_of(&f, cases[i].header);
        assert_int_equal(f.header, 0);
        assert_maps(&f, cases[i].want);
        assert_invariants(&f.m);
        arena_done(&f.arena);
    }
}

TEST(columns_find_the_header)
{
    static const struct {
        const char *text;
        int header;
    } cases[] = {
        {"name,phone\nAnn,1\n", 0},
        {"a,b,c\n1,2,3\n", 0}, /* unknown names, and no data in them */
        {"Ann Lee,+1 212-555-0142\nBob Roe,+1 212-555-0143\n", -1},
        {"ann@example.com\nbob@example.com\n", -1},
        {"name,ann@example.com\n", -1},
        {"phone\n+12125550142\n", 0},
        {"+12125550142\n+12125550143\n", -1},
        {"Leads of May\n\nName,Phone,Company\nAnn,1,2\n", 1},
        {"Exported by ann@example.com on 2024-03-10\nName,Phone,Company\nAnn,+12125550142,Acme\n", 1},
        {"Name,Phone,Company\nAnn,+12125550142,Acme\nName,Phone,Company\n", 0},
        {"Notes:\n\"text, text\"\n\nFirst Name,Last Name,URL,Email Address,Company,Position,Connected On\n", 2},
        {"", -1},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct file f;
        file_of(&f, cases[i].text);
        if (f.header != cases[i].header)
            fail_msg("%s\n  has its header in row %d, not %d", cases[i].text, f.header, cases[i].header);
        arena_done(&f.arena);
    }
}

TEST(columns_guess_from_values)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        {"10000001,Ann,Lee,(212) 555-0142,2024-03-10\n10000002,Bob,Roe,(212) 555-0143,2024-03-11\n",
         "column 2 -> first-name\ncolumn 3 -> last-name\ncolumn 4 -> phone 1\n"},
        {"+12125550142\n", "column 1 -> phone 1\n"},
        {"Ann Lee;030 23125 101;030 23125 102;Weiß AG\n", "column 1 -> name\ncolumn 2 -> phone 1\ncolumn 3 -> phone 2\n"
                                                          "column 4 -> company\n"},
        {"Kessel GmbH,Jürgen Weiß,+493023125101\n", "column 1 -> company\ncolumn 2 -> name\ncolumn 3 -> phone 1\n"},
        {"ann@example.com,,\nbob@example.com,x,12\n", "column 1 -> mail 1\ncolumn 2 -> name\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct file f;
        file_of(&f, cases[i].text);
        assert_true(f.m.guessed);
        assert_maps(&f, cases[i].want);
        assert_invariants(&f.m);
        arena_done(&f.arena);
    }
}

TEST(columns_override_takes_a_persons_word)
{
    static const struct {
        const char *given[4];
        const char *want;
    } cases[] = {
        {{"Nummer=phone"}, "Name -> name\nNummer -> phone 1\nAlt -> phone 2 (other)\n"},
        {{"nummer = mobile"}, "Name -> name\nNummer -> phone 1 (mobile)\nAlt -> phone 2 (other)\n"},
        {{"2=phone:Front Desk", "4=ignore"},
         "Name -> name\nNummer -> phone 1 (front desk)\nAlt -> phone 2 (other)\nRest -> ignore\n"},
        {{"4=name"}, "Alt -> phone 1 (other)\nRest -> name\n"},
        {{"4=name", "2=name"}, "Nummer -> name\nAlt -> phone 1 (other)\n"},
        {{"4=name", "4=note"}, "Name -> name\nAlt -> phone 1 (other)\nRest -> note\n"},
        {{"Rest=zip"}, "Name -> name\nAlt -> phone 1 (other)\nRest -> postal-code\n"},
        {{"Alt Phone=attribute", "x=y=First_Name", "1=last name"}, "Name -> last-name\nx=y -> first-name\n"},
        {{"5=phone:company", "2=phone"},
         "Name -> name\nNummer -> phone 1\nAlt -> phone 2 (other)\nx=y -> phone 3 (company)\n"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct file f;
        struct error err = {0};
        file_of(&f, "Name,Nummer,Alt Phone,Rest,x=y\n");
        f.m.columns[2].header = STR("Alt"); /* the display name is a name too */
        for (size_t j = 0; j < 4 && cases[i].given[j] != NULL; j++)
            if (!columns_override(&f.m, str_of(cases[i].given[j]), &f.arena, &err))
                fail_msg("%s: %s", cases[i].given[j], err.text);
        assert_int_equal(err.code, ERR_NONE);
        assert_invariants(&f.m);
        assert_maps(&f, cases[i].want);
        arena_done(&f.arena);
    }
}

TEST(columns_override_says_what_is_close)
{
    static const struct {
        const char *given, *want;
    } cases[] = {
        {"Fone=phone", "no column \"Fone\": the file has \"Phone\""},
        {"zzz=phone", "no column \"zzz\": the file has \"Name\", \"Phone\", \"Company\""},
        {"9=phone", "no column \"9\": the file has 3, counted from 1"},
        {"0=phone", "no column \"0\": the file has 3, counted from 1"},
        {"-1=phone", "no column \"-1\": the file has 3, counted from 1"},
        {"Phone=phne", "no field \"phne\": a column can be \"phone\", \"zone\""},
        {"Phone=name:x", "no field \"name:x\": a column can be"},
        {"Phone", "cannot read the mapping \"Phone\": write COLUMN=FIELD, as in \"Cell=phone:mobile\""},
        {"=phone", "cannot read the mapping \"=phone\""},
        {"Phone=", "cannot read the mapping \"Phone=\""},
        {"", "cannot read the mapping \"\""},
        {"\x1b[31m=phone", "no column \""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct file f;
        struct error err = {0};
        struct buf before, after;
        buf_init(&before);
        buf_init(&after);
        file_of(&f, "Name,Phone,Company\n");
        describe(&f.m, &before);
        assert_false(columns_override(&f.m, str_of(cases[i].given), &f.arena, &err));
        describe(&f.m, &after);
        assert_string_equal(after.at, before.at);
        assert_int_equal(err.code, ERR_USAGE);
        if (strncmp(err.text, cases[i].want, strlen(cases[i].want)) != 0)
            fail_msg("%s\n  says %s\n  not  %s", cases[i].given, err.text, cases[i].want);
        assert_null(strchr(err.text, '\x1b'));
        buf_done(&before);
        buf_done(&after);
        arena_done(&f.arena);
    }
}

TEST(columns_see_the_header_again)
{
    struct file f;
    file_of(&f, "Name,Phone,Note\nAnn,1,\n name , PHONE,note\nName,Phone,x\nName,Phone\n,,x\n");
    static const bool want[] = {true, false, true, false, false, false};
    for (size_t i = 0; i < f.count; i++)
        assert_int_equal(columns_is_header_again(&f.m, &f.rows[i]), want[i]);
    arena_done(&f.arena);
}

TEST(columns_signature_knows_a_header)
{
    static const char *const same[] = {"First Name,Phone\n", "first_name,PHONE\n", "\"First  name\";phone\n"};
    static const char *const others[] = {"Phone,First Name\n", "First,Name Phone\n", "First Name,Phone,\n",
                                         "First NamePhone\n",  "+12125550142,x\n",   "+12125550142,x,y\n"};
    char first[SIGNATURE_SIZE], all[6][SIGNATURE_SIZE];
    struct file f;
    for (size_t i = 0; i < 3; i++) {
        char s[SIGNATURE_SIZE];
        file_of(&f, same[i]);
        columns_signature(&f.m, s);
        if (i == 0)
            memcpy(first, s, sizeof s);
        assert_string_equal(s, first);
        assert_int_equal(strspn(s, "0123456789abcdef"), 16);
        arena_done(&f.arena);
    }
    for (size_t i = 0; i < 6; i++) {
        file_of(&f, others[i]);
        columns_signature(&f.m, all[i]);
        assert_string_not_equal(all[i], first);
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(all[i], all[j]);
        arena_done(&f.arena);
    }
    /* remembered in people's databases, so it cannot change with a release */
    assert_string_equal(first, "c6613132aea97026");
}

TEST(mapping_survives_saving)
{
    static const char *const files[] = {"apollo.csv", "google-contacts-older.csv", "outlook-contacts.csv",
                                        "no-header.csv"};
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        struct file f, g;
        struct buf saved, want, got;
        struct error err = {0};
        buf_init(&saved);
        buf_init(&want);
        buf_init(&got);
        file_open(&f, files[i]);
        file_open(&g, files[i]);
        assert_true(columns_override(&f.m, STR("1=phone:Front, \"Desk\""), &f.arena, &err));
        assert_true(columns_override(&f.m, STR("2=ignore"), &f.arena, &err));
        mapping_save(&f.m, &saved);
        assert_true(mapping_load(&g.m, buf_str(&saved), &g.arena, &err));
        assert_invariants(&g.m);
        describe(&f.m, &want);
        describe(&g.m, &got);
        assert_string_equal(got.at, want.at);
        static const char *const bad[] = {"", "name", "\"open", "name,name,nonsense,x,y"};
        for (size_t j = 0; j < sizeof bad / sizeof bad[0]; j++) {
            assert_false(mapping_load(&g.m, str_of(bad[j]), &g.arena, &err));
            assert_int_equal(err.code, ERR_DATA);
        }
        buf_clear(&got);
        describe(&g.m, &got);
        assert_string_equal(got.at, want.at);
        buf_done(&saved);
        buf_done(&want);
        buf_done(&got);
        arena_done(&f.arena);
        arena_done(&g.arena);
    }
}

TEST(columns_have_clean_and_different_names)
{
    struct file f;
    file_of(&f, "Note,Note,,Note,,\"a\nb\x1b[31m\",Note (2),x\n");
    static const char *const want[] = {"Note",     "Note (2)", "column 3",     "Note (3)",
                                       "column 5", "a b[31m",  "Note (2) (2)", "x"};
    for (size_t i = 0; i < f.m.count; i++)
        assert_true(str_is(f.m.columns[i].header, want[i]));
    assert_invariants(&f.m);
    arena_done(&f.arena);

    struct buf many; /* as many equal names as there can be */
    buf_init(&many);
    for (int i = 0; i < CSV_COLUMNS_MAX; i++)
        buf_add_text(&many, i > 0 ? ",name" : "name");
    file_of(&f, many.at);
    assert_int_equal(f.m.count, CSV_COLUMNS_MAX);
    assert_invariants(&f.m);
    arena_done(&f.arena);
    buf_clear(&many);
    for (int i = 0; i < 3000; i++)
        buf_add_text(&many, "é");
    file_of(&f, many.at);
    assert_true(f.m.columns[0].header.len <= 200);
    assert_true(utf8_valid(f.m.columns[0].header));
    arena_done(&f.arena);
    buf_done(&many);
}

TEST(field_names_are_found_and_different)
{
    for (int f = 0; f < FIELD_COUNT_; f++) {
        enum field found = FIELD_COUNT_;
        assert_true(field_parse(str_of(field_name((enum field)f)), &found));
        assert_int_equal(found, f);
        assert_true(strlen(field_help((enum field)f)) > 0);
    }
    enum field found;
    assert_true(field_parse(STR("First_Name"), &found));
    assert_int_equal(found, FIELD_FIRST_NAME);
    assert_false(field_parse(STR(""), &found));
    assert_false(field_parse(STR("nonsense"), &found));
}

/* Two rows for one name would be two truths. */
TEST(column_names_stand_once)
{
    static const struct {
        const char *export, *names;
    } rows[] = {
#define COLUMN(export, field, label, rank, names) {#export, names},
#include "calldeck/columns.def"
    };
    static const char *const words[] = {
#define WORD(kind, label, words) words,
#include "calldeck/columns.def"
    };
    struct arena a = {0};
    struct str *seen = ARENA_ARRAY(&a, struct str, 4096);
    size_t count = 0;
    for (size_t i = 0; i < sizeof rows / sizeof rows[0] + sizeof words / sizeof words[0]; i++) {
        bool is_word = i >= sizeof rows / sizeof rows[0];
        const char *group = is_word ? "word" : rows[i].export;
        struct str rest = str_of(is_word ? words[i - sizeof rows / sizeof rows[0]] : rows[i].names), name;
        while (str_next(&rest, '|', &name)) {
            struct buf key;
            buf_init(&key);
            buf_printf(&key, "%s:", group);
            for (struct str part; str_next(&name, '#', &part);) {
                struct buf folded;
                buf_init(&folded);
                text_fold(part, &folded);
                for (size_t j = 0; j < folded.len; j++)
                    if (folded.at[j] != ' ')
                        buf_add_char(&key, folded.at[j]);
                    else
                        assert_false(is_word); /* a word is one word */
                buf_done(&folded);
                if (name.at != NULL)
                    buf_add_char(&key, '#');
            }
            if (strcmp(key.at + strlen(group), ":") == 0)
                fail_msg("row %zu has an empty name", i);
            for (size_t j = 0; j < count; j++)
                if (str_eq(seen[j], buf_str(&key)))
                    fail_msg("\"%s\" stands twice", key.at);
            assert_true(count < 4096);
            seen[count++] = arena_str(&a, buf_str(&key));
            buf_done(&key);
        }
    }
    arena_done(&a);
}

TEST(values_say_yes)
{
    static const char *const yes[] = {"1",  "true", "TRUE", "Yes", " y ", "x",  "X",   "ja",         "Oui",
                                      "sí", "DNC",  "on",   "2",   "✓",   "是", "نعم", "Do Not Call"};
    static const char *const no[] = {"",    " ",  "0", "false",   "No",   "n",    "nein", "non",
                                     "off", "00", "-", "unknown", "call", "null", "\xff"};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++)
        if (!value_truthy(str_of(yes[i])))
            fail_msg("\"%s\" is no", yes[i]);
    for (size_t i = 0; i < sizeof no / sizeof no[0]; i++)
        if (value_truthy(str_of(no[i])))
            fail_msg("\"%s\" is yes", no[i]);
    assert_false(value_truthy((struct str){0}));
}

TEST(values_are_split_and_labelled)
{
    static const struct {
        const char *cell, *want;
    } cases[] = {
        {"", ""},    {"a", "a/"},           {"a ::: b", "a/b/"},     {" a :::b::: ", "a/b/"},
        {":::", ""}, {"a :: b", "a :: b/"}, {"a ::: ::: c", "a/c/"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct str rest = str_of(cases[i].cell), part;
        struct buf got;
        buf_init(&got);
        while (value_next(&rest, &part))
            buf_printf(&got, "%.*s/", STR_ARG(part));
        assert_string_equal(got.at, cases[i].want);
        buf_done(&got);
    }
    static const struct {
        const char *cell, *label;
        bool machine;
    } labels[] = {
        {"* Mobile", "mobile", false}, {"Work", "work", false},      {"Work Fax", "work fax", true}, {"", "", false},
        {" Pager\n", "pager", true},   {"HomeFax", "homefax", true}, {"Büro", "büro", false}};
    for (size_t i = 0; i < sizeof labels / sizeof labels[0]; i++) {
        struct buf got;
        buf_init(&got);
        value_label(str_of(labels[i].cell), &got);
        assert_string_equal(got.at, labels[i].label);
        assert_int_equal(label_is_machine(buf_str(&got)), labels[i].machine);
        buf_done(&got);
    }
}

TEST(values_look_like_what_they_are)
{
    static const struct {
        const char *cell;
        char want;
    } cases[] = {
        {"ann@example.com", 'm'},
        {"a.b+c@x.co", 'm'},
        {"@x.co", '-'},
        {"a@b", '-'},
        {"a@b.", '-'},
        {"a b@c.de", '-'},
        {"a@b@c.de", '-'},
        {"Ann <ann@x.de>", '-'},
        {"+1 212-555-0142", 'p'},
        {"(212) 555-0142", 'p'},
        {"0015125550144", 'p'},
        {"312.555.0107 x12", 'p'},
        {"'+12065550111'", 'p'},
        {"tel:+12065550111", 'p'},
        {"030/23125-101", 'p'},
        {"555-0100 / 555-0101", 'p'},
        {"123456", '-'},
        {"2024-03-10", '-'},
        {"04.03.2024 14:05", '-'},
        {"3/15/2024", '-'},
        {"4.15555E+09", '-'},
        {"", '-'},
        {"12+345678", '-'},
        {"2024-11-03T01:30:00Z", '-'},
        {"Ann", '-'},
        {"1234567890123456789012", '-'},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct str s = str_of(cases[i].cell);
        char got = value_looks_like_mail(s) ? 'm' : value_looks_like_phone(s) ? 'p' : '-';
        if (got != cases[i].want)
            fail_msg("\"%s\" looks like %c, not %c", cases[i].cell, got, cases[i].want);
    }
}
