/* SPDX-License-Identifier: MIT */
/*
 * calldeck(1) in the man macros, from the same rows as the Markdown pages. Prose stands here in roff, a sentence a line;
 * whatever comes out of a table is escaped on its way.
 */
#include "calldeck/manual.h"

#include "calldeck/settings.h"
#include "calldeck/utf8.h"
#include "manual_rows.h"

/* Text as roff prints it: nothing in it is a request, an escape or a typographer's quote. */
static void text(struct buf *out, struct str s)
{
    while (s.len != 0) {
        uint32_t code;
        size_t len = utf8_decode(s, &code);
        if (code >= 0x80)
            buf_printf(out, "\\[u%04X]", (unsigned)code);
        else if (code == '\\')
            buf_add_text(out, "\\e");
        else if (code == '-')
            buf_add_text(out, "\\-");
        else if (code == '\'')
            buf_add_text(out, "\\(aq");
        else if (code == '`')
            buf_add_text(out, "\\(ga");
        else if (code == '^')
            buf_add_text(out, "\\(ha");
        else if (code == '~')
            buf_add_text(out, "\\(ti");
        else
            buf_add(out, s.at, len);
        s = str_skip(s, len);
    }
}

static void words(struct buf *out, const char *s)
{
    text(out, str_of(s));
}

static void in_font(struct buf *out, char font, struct str s)
{
    buf_printf(out, "\\f%c", font);
    text(out, s);
    buf_add_text(out, "\\fP");
}

/* A line of text must not begin as a request does. */
static void begin(struct buf *out)
{
    buf_add_text(out, "\\&");
}

static void tag(struct buf *out)
{
    buf_add_text(out, ".TP\n");
    begin(out);
}

static void section(struct buf *out, const char *title)
{
    buf_printf(out, ".SH %s\n", title);
}

/* ---- synopsis, options, commands ---- */

static void option(struct buf *out, enum option id)
{
    struct option_row row = option_row(id);
    struct buf name;
    buf_init(&name);
    buf_printf(&name, "--%s", row.name);
    in_font(out, 'B', buf_str(&name));
    if (row.value[0] != '\0') {
        buf_add_char(out, ' ');
        in_font(out, 'I', str_of(row.value));
    }
    buf_done(&name);
}

/* No command takes it, or every command does: it is told once. */
static bool stands_alone(enum option id)
{
    if (option_row(id).global || id == OPTION_AT)
        return true;
    for (int i = 0; i < COMMAND_COUNT_; i++)
        if (command_takes((enum command_id)i, id))
            return false;
    return true;
}

static void options(struct buf *out)
{
    section(out, "OPTIONS");
    buf_add_text(out, "They stand before a command, or without one;\n.B \\-\\-at\nstands anywhere.\n");
    for (int i = 0; i < OPTION_COUNT_; i++) {
        if (!stands_alone((enum option)i))
            continue;
        tag(out);
        option(out, (enum option)i);
        buf_add_char(out, '\n');
        begin(out);
        words(out, option_row((enum option)i).help);
        buf_add_text(out, ".\n");
    }
}

static void commands(struct buf *out)
{
    section(out, "COMMANDS");
    buf_add_text(out, "They need no terminal.\n"
                      "Data goes to standard output and messages to standard error;\n"
                      ".B \\-\\-json\n"
                      "gives one JSON object a line, whose keys are always there and null if empty.\n"
                      "All of them work while a dashboard is open on the same file, and the dashboard notices the change.\n");
    for (int i = 0; i < COMMAND_COUNT_; i++) {
        const struct command *c = command_info((enum command_id)i);
        tag(out);
        in_font(out, 'B', str_of(c->name));
        if (c->arguments[0] != '\0') {
            buf_add_char(out, ' ');
            in_font(out, 'I', str_of(c->arguments));
        }
        buf_add_char(out, '\n');
        begin(out);
        words(out, c->help);
        buf_add_text(out, "\n.RS\n");
        for (int o = 0; o < OPTION_COUNT_; o++) {
            if (o == OPTION_AT || !command_takes((enum command_id)i, (enum option)o))
                continue;
            tag(out);
            option(out, (enum option)o);
            buf_add_char(out, '\n');
            begin(out);
            words(out, option_row((enum option)o).help);
            buf_add_char(out, '\n');
        }
        buf_add_text(out, ".RE\n");
    }
}

/* ---- keys ---- */

static void key_rows(struct buf *out, int section_id)
{
    for (int id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
        if (!section_has(section_id, (enum action_id)id))
            continue;
        const struct action_info *info = action_info((enum action_id)id);
        struct str rest = str_of(info->keys), first, last;
        tag(out);
        for (bool later = false; keys_next(&rest, &first, &last); later = true) {
            buf_add_text(out, later ? "  " : "");
            in_font(out, 'B', first);
            if (!str_eq(first, last)) {
                buf_add_text(out, " to ");
                in_font(out, 'B', last);
            }
        }
        buf_add_char(out, '\n');
        begin(out);
        words(out, info->help);
        if (info->command[0] != '\0') {
            buf_add_text(out, " (:");
            words(out, info->command);
            if (info->arguments[0] != '\0') {
                buf_add_char(out, ' ');
                in_font(out, 'I', str_of(info->arguments));
            }
            buf_add_char(out, ')');
        }
        buf_add_char(out, '\n');
    }
}

static void keys(struct buf *out)
{
    section(out, "KEYS");
    buf_add_text(out,
                 "Written as in\n.B bind\nand\n.BR \\-\\-keys :\n"
                 "Enter, Tab, Esc, Space, PgUp, F2, a character by itself, C\\-x for Ctrl, M\\-x for Alt.\n"
                 "What stands in parentheses is the command that does the same, typed after\n.BR : .\n");
    for (int i = 0; i < SECTION_COUNT_; i++) {
        buf_printf(out, ".SS %s\n", section_title(i));
        key_rows(out, i);
    }
    buf_add_text(out, ".SS Commands without a key of their own\n");
    for (int id = ACTION_NONE + 1; id < ACTION_COUNT_; id++) {
        const struct action_info *info = action_info((enum action_id)id);
        if (info->command[0] == '\0' || info->keys[0] != '\0')
            continue;
        tag(out);
        buf_add_text(out, "\\fB:");
        words(out, info->command);
        buf_add_text(out, "\\fP");
        if (info->arguments[0] != '\0') {
            buf_add_char(out, ' ');
            in_font(out, 'I', str_of(info->arguments));
        }
        buf_add_char(out, '\n');
        begin(out);
        words(out, info->help);
        buf_add_char(out, '\n');
    }
}

/* ---- outcomes, states, settings ---- */

static void outcomes(struct buf *out)
{
    struct outcome_table t = outcome_defaults();
    struct buf wait;
    buf_init(&wait);
    section(out, "OUTCOMES");
    buf_add_text(out, "The rows of a new database.\n"
                      "A conversation is an outcome that reached the right person.\n"
                      "Business days are those of the prospect's country, at the prospect's place.\n");
    for (size_t i = 0; i < t.count; i++) {
        const struct outcome *o = &t.rows[i];
        buf_printf(out, ".TP\n\\&\\fB%c\\fP  \\fB", o->key);
        words(out, o->code);
        buf_add_text(out, "\\fP\n");
        begin(out);
        words(out, o->label);
        if (o->right_person)
            buf_add_text(out, "; a conversation");
        else if (o->answered)
            buf_add_text(out, "; somebody answered");
        if (o->done)
            buf_add_text(out, "; done");
        buf_add_text(out, ".\n");
        buf_clear(&wait);
        wait_words(o, &wait);
        if (wait.len != 0) {
            buf_add_text(out, "Rests ");
            text(out, buf_str(&wait));
            buf_add_text(out, ".\n");
        }
        if (o->ask != ASK_NOTHING) {
            buf_add_text(out, "Asks: ");
            words(out, ask_words(o->ask));
            buf_add_text(out, ".\n");
        }
        if (o->effect != EFFECT_NONE) {
            buf_add_text(out, "Besides: ");
            words(out, effect_words(o->effect));
            buf_add_text(out, ".\n");
        }
    }
    buf_done(&wait);
}

static void states(struct buf *out)
{
    section(out, "STATES");
    buf_add_text(out, "Every prospect of a list is in exactly one.\n"
                      "The top line counts them in groups; these are the words of\n.B queue \\-\\-blocked\nand of JSON.\n");
    for (int i = 0; i < STATE_COUNT_; i++) {
        enum prospect_state state = (enum prospect_state)i;
        tag(out);
        in_font(out, 'B', str_of(state_name(state)));
        buf_add_char(out, '\n');
        begin(out);
        words(out, state_explanation(state));
        buf_add_text(out, " (");
        words(out, group_words(state_group(state)));
        buf_add_text(out, ")\n");
    }
}

static void settings(struct buf *out)
{
    section(out, "SETTINGS");
    buf_add_text(out,
                 "Lines\n.BI \"set \" \"NAME VALUE\"\nin the config file, or\n.B :set\ninside the program, which lasts until it ends.\n"
                 "The file also takes\n.B bind\nand\n.B snippet\nlines; calldeck never writes it.\n"
                 "A line that is wrong is named at the start, and the rest holds.\n"
                 "Settings that run a program are taken from the file alone, and no shell is involved.\n"
                 "Hours that are set without days open all seven days.\n"
                 "What belongs to one list (hours, days, cap, country) is set with\n.BR policy .\n");
    for (int i = 0; i < SETTING_COUNT_; i++) {
        enum setting id = (enum setting)i;
        tag(out);
        in_font(out, 'B', str_of(setting_name(id)));
        buf_add_text(out, "  ");
        in_font(out, 'I', str_of(setting_type_text(id)));
        buf_add_char(out, '\n');
        begin(out);
        words(out, setting_help(id));
        if (setting_default(id)[0] != '\0') {
            buf_add_text(out, " (default: ");
            text(out, str_trim(str_of(setting_default(id))));
            buf_add_char(out, ')');
        }
        buf_add_char(out, '\n');
    }
}

static void statuses(struct buf *out)
{
    section(out, "EXIT STATUS");
    int status;
    const char *why;
    for (size_t i = 0; exit_row(i, &status, &why); i++) {
        buf_printf(out, ".TP\n.B %d\n", status);
        begin(out);
        words(out, why);
        buf_add_char(out, '\n');
    }
}

/* ---- the page ---- */

static const char top[] =
    ".SH NAME\n"
    "calldeck \\- a terminal dialer dashboard for people who sell by phone\n"
    ".SH SYNOPSIS\n"
    ".nf\n"
    "\\fBcalldeck\\fP [\\fB\\-\\-db\\fP \\fIFILE\\fP] [\\fB\\-\\-list\\fP \\fINAME\\fP] [\\fIFILE.csv\\fP]\n"
    "\\fBcalldeck\\fP \\fB\\-\\-demo\\fP\n"
    "\\fBcalldeck\\fP [\\fB\\-\\-db\\fP \\fIFILE\\fP] \\fB\\-\\-screenshot\\fP \\fICOLSxROWS\\fP [\\fB\\-\\-keys\\fP \\fIKEYS\\fP] [\\fB\\-\\-at\\fP \\fITIME\\fP]\n"
    "\\fBcalldeck\\fP [\\fB\\-\\-db\\fP \\fIFILE\\fP] \\fICOMMAND\\fP [\\fIWORDS\\fP] [\\fIOPTIONS\\fP]\n"
    ".fi\n"
    ".SH DESCRIPTION\n"
    "calldeck opens a call list, shows who to call next and why, places the call, keeps the notes that are typed during it,\n"
    "and files the outcome with one key.\n"
    "Then the next card is already there.\n"
    ".PP\n"
    "Without a command it opens the dashboard; a\n"
    ".I FILE.csv\n"
    "is imported first, into the list that bears its name.\n"
    "The loop is\n"
    ".B Enter\n"
    "to dial the person who is painted, notes while the phone rings and while they talk,\n"
    ".B Tab\n"
    "to the outcome bar, and a letter.\n"
    "While a connected line is live the letter arms the outcome, which is filed when the call ends; the same letter twice hangs up and files.\n"
    ".B u\n"
    "takes the last thing back, and the one before, and so on.\n"
    ".PP\n"
    "What was painted is on disk: a key is committed before it is shown.\n"
    "It survives the end of the program by whatever means; a power cut loses at most a second of typing, and never an outcome.\n";

static const char times[] =
    ".SH TIMES\n"
    "ISO 8601 with an offset or Z, or words: \\(lqtomorrow 3pm\\(rq, \\(lqtue 10:30\\(rq, \\(lq+2d\\(rq, \\(lqin 2 hours\\(rq, \\(lq12.1. 9:00\\(rq, \\(lqeod\\(rq, \\(lqnoon\\(rq.\n"
    "Words in\n.B \\-\\-at\nand\n.B \\-\\-since\nare in your zone, those in\n.B \\-\\-when\n"
    "and in the questions of the dashboard in the prospect's.\n"
    "A weekday is the next such moment to come.\n"
    "A promise is never in the past, and \\(lqpast\\(rq is relative to\n.BR \\-\\-at .\n";

static const char api[] =
    ".SH PROGRAMS\n"
    ".B calldeck api\n"
    "reads a JSON object a line and answers each with one, in order, until its input ends.\n"
    ".I cmd\nnames what is asked:\n"
    ".TP\n.B set\n.I line\n(\\(lqset NAME VALUE\\(rq for this session, or \\(lqpolicy LIST KEY VALUE\\(rq, which stays)\n"
    ".TP\n.B add\n.IR ref ,\n.IR name ,\n.I phone\n(or an array),\n.IR mail ,\n.IR zone ,\n.IR created_at ,\n.I attributes\n"
    "and whatever a header of a file could say;\n.I list\n(else api).\nAnswers\n.I id\nand\n.IR added .\n"
    ".TP\n.B next\n.IR list ,\n.IR claim .\nAnswers the head of the queue, or\n.I id\nnull and\n.IR next_at .\n"
    ".TP\n.B queue\\fP, \\fBsearch\\fP, \\fBlists\nthe command\\(aqs options by their names, and\n.IR words .\nAnswers\n.IR rows .\n"
    ".TP\n.B show\\fP, \\fBlog\\fP, \\fBcorrect\\fP, \\fBskip\\fP, \\fBundo\\fP, \\fBstats\nthe command\\(aqs options and its words by name\n"
    "(\\fIid\\fP,\n.IR outcome ,\n.IR touch ,\n.IR reason ).\nAnswers the object of\n.BR \\-\\-json .\n"
    ".TP\n.B archive\n.IR id ,\nelse everybody leaves the queue.\n"
    ".PP\n"
    "Any line may say\n.IR at ,\nan instant that is now until another line says otherwise.\n"
    "An answer is\n.I ok\ntrue, or false with\n.I error\n(a sentence) and\n.I status\n(the exit status of the command).\n"
    "What would go to standard error comes as\n.IR messages .\n"
    "A line that is no JSON or longer than 1 MiB is answered with its error, and the next one is read.\n";

static const char bottom[] =
    ".SH FILES\n"
    ".TP\n"
    ".I $XDG_DATA_HOME/calldeck/calldeck.db\n"
    "the database: one SQLite file (else\n.IR ~/.local/share ).\n"
    ".TP\n"
    ".I $XDG_DATA_HOME/calldeck/calldeck.db.snapshots/\n"
    "a copy a day, checked; seven are kept\n"
    ".RB ( \"set snapshots\" ).\n"
    ".TP\n"
    ".I $XDG_CONFIG_HOME/calldeck/calldeck.conf\n"
    "the settings (else\n.IR ~/.config );\na sample is in\n.IR share/calldeck/conf .\n"
    ".TP\n"
    ".I $XDG_STATE_HOME/calldeck/demo/demo.db\n"
    "the demo's own database (else\n.IR ~/.local/state ).\n"
    ".TP\n"
    ".I $XDG_STATE_HOME/calldeck/log\n"
    "failures of dashboard, import and api: when, where and what kind, no name, number or file; 1 MiB, and the one before it in\n.IR log.1 .\n"
    ".PP\n"
    "Directories are made for the owner alone, and so are files.\n"
    ".SH ENVIRONMENT\n"
    ".TP\n.B CALLDECK_DB\nthe database, where\n.B \\-\\-db\nis not given\n"
    ".TP\n.B XDG_DATA_HOME\\fP, \\fBXDG_CONFIG_HOME\\fP, \\fBXDG_STATE_HOME\\fP, \\fBHOME\nwhere files are\n"
    ".TP\n.B TZ\\fP, \\fBTZDIR\nyour zone, and where the zones are\n"
    ".TP\n.B NO_COLOR\nno colours\n"
    ".TP\n.B EDITOR\nthe program that C\\-o opens the notes in (else\n.BR editor );\nsplit at blanks, no shell\n"
    ".TP\n.B XDG_RUNTIME_DIR\nwhere the notes lie meanwhile\n"
    ".TP\n.B TMPDIR\nwhere the copy for a picture lies\n"
    ".TP\n.B TERM\nthe terminal, by its name in terminfo\n"
    ".TP\n.B LC_ALL\\fP, \\fBLC_CTYPE\\fP, \\fBLANG\nthe character set; a locale that is not UTF\\-8 is replaced by C.UTF\\-8\n";

static const char examples[] =
    ".SH EXAMPLES\n"
    ".nf\n"
    "calldeck import leads.csv \\-\\-country SA \\-\\-dry\\-run\n"
    "calldeck leads.csv\n"
    "calldeck queue \\-\\-limit 5\n"
    "calldeck log 12 callback \\-\\-when \\(dqtomorrow 15:00\\(dq \\-\\-note \\(dqwants the price list\\(dq\n"
    "calldeck undo\n"
    "calldeck export \\-\\-touches \\-\\-since \\(dqlast mon\\(dq > week.csv\n"
    "calldeck \\-\\-screenshot 120x32 \\-\\-keys \\(dqEnter \\(aqwants prices\\(aq Tab c\\(dq\n"
    ".fi\n";

void manual_man(struct buf *out)
{
    buf_add_text(out, ".\\\" SPDX-License-Identifier: MIT\n"
                      ".\\\" Printed by `calldeck manual man` from the program's tables.\n"
                      ".TH CALLDECK 1 \"\" \"calldeck " CALLDECK_VERSION "\" \"User Commands\"\n");
    buf_add_text(out, top);
    options(out);
    commands(out);
    buf_add_text(out, times);
    buf_add_text(out, api);
    keys(out);
    outcomes(out);
    states(out);
    settings(out);
    buf_add_text(out, bottom);
    statuses(out);
    buf_add_text(out, examples);
}
