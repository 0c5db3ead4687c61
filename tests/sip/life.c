/* SPDX-License-Identifier: MIT */
/* The softphone's life: registration, sound, sudden ends on either side, what is left on the disk and among processes. */
#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "desk.h"
#include "process.h"
#include "test.h"

static bool is_alive(pid_t pid)
{
    return kill(pid, 0) == 0;
}

static void gone_soon(pid_t pid)
{
    for (int64_t end = monotonic_ms() + 3000; is_alive(pid) && monotonic_ms() < end;)
        pause_ms(10);
    assert_false(is_alive(pid));
}

TEST(registration_is_on_the_line_state)
{
    struct desk desk;
    desk_prepare(&desk);
    desk.config.sip_no_register = false;
    struct far server = far_answers("<REGISTER >200x", desk.sip_port, 0);
    desk_start(&desk);
    desk_wait_line(&desk, DIAL_LINE_UP, 8000);
    assert_non_null(strstr(dialer_line_text(desk.d), "sip:rep@"));
    far_is_done(&server);
    desk_close(&desk);
}

TEST(a_refused_account_dials_nobody)
{
    struct desk desk;
    struct error err = {0};
    desk_prepare(&desk);
    desk.config.sip_no_register = false;
    struct far server = far_answers("<REGISTER >403", desk.sip_port, 0);
    desk_start(&desk);
    desk_wait_line(&desk, DIAL_LINE_FAILED, 8000);
    assert_false(dial_place(desk.d, 11, 1, "+15550100", "", &err));
    assert_int_equal(err.code, ERR_REFUSED);
    far_stop(&server);
    desk_close(&desk);
}

TEST(the_password_comes_from_a_file_or_a_command)
{
    for (int i = 0; i < 2; i++) {
        struct desk desk;
        desk_prepare(&desk);
        const char *file = test_path("password");
        test_write_file(file, "s3cret-word\nsecond line\n", 24);
        chmod(file, 0600);
        char command[300];
        snprintf(command, sizeof command, "cat %s", file);
        if (i == 0)
            desk.config.sip_password_file = file;
        else
            desk.config.sip_password_command = command;
        desk_start(&desk);
        desk_wait_line(&desk, DIAL_LINE_UP, 5000);
        struct far far = far_answers("<INVITE >401 <ACK <INVITE >100 >180 >200+ <ACK <BYE >200=", desk.sip_port, 0);
        desk_place(&desk, 11, "+15550100");
        desk_wait(&desk, DIAL_EVENT_ANSWERED, 5000);
        /* never where another user looks */
        char path[400];
        struct stat st;
        snprintf(path, sizeof path, "%s/softphone-0/accounts", desk.runtime);
        assert_true(stat(path, &st) == 0 && (st.st_mode & 077) == 0);
        assert_true(stat(desk.runtime, &st) == 0 && (st.st_mode & 077) == 0);
        snprintf(path, sizeof path, "/proc/%d/cmdline", (int)desk_softphone_pid(&desk));
        FILE *f = fopen(path, "r");
        char words[512];
        size_t n = f != NULL ? fread(words, 1, sizeof words, f) : 0;
        if (f != NULL)
            fclose(f);
        assert_true(n > 0 && memmem(words, n, "s3cret", 6) == NULL);
        assert_true(dial_hang_up(desk.d, 11, NULL));
        desk_wait(&desk, DIAL_EVENT_ENDED, 3000);
        snprintf(path, sizeof path, "%s/softphone-0/log", desk.runtime);
        assert_null(strstr(test_read_file(path, NULL), "s3cret"));
        far_is_done(&far);
        desk_close(&desk);
    }
}

TEST(no_sound_is_found_out_before_the_first_call)
{
    struct desk desk;
    struct error err = {0};
    desk_prepare(&desk);
    desk.config.audio_source = desk.config.audio_player = "alsa,calldeck-no-such-device";
    desk_start(&desk);
    desk_wait_line(&desk, DIAL_LINE_NO_AUDIO, 5000);
    assert_false(dial_place(desk.d, 11, 1, "+15550100", "", &err));
    assert_non_null(strstr(err.text, "no sound"));
    desk_close(&desk);
}

TEST(a_softphone_that_is_killed_in_a_call_comes_back)
{
    struct desk desk;
    desk_open(&desk);
    struct far far = far_answers("<INVITE >100 >180 >200+ <ACK <BYE", desk.sip_port, 0);
    desk_place(&desk, 11, "+15550100");
    desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    pid_t pid = desk_softphone_pid(&desk);
    kill(pid, SIGKILL);
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_ENDED, 3000);
    assert_true(e->call == 11 && e->answered);
    desk_wait_line(&desk, DIAL_LINE_UP, 8000);
    assert_int_not_equal(desk_softphone_pid(&desk), pid);
    far_stop(&far);
    far = far_answers("<INVITE >100 >486 <ACK", desk.sip_port, 0);
    desk_place(&desk, 12, "+15550100");
    assert_int_equal(desk_wait(&desk, DIAL_EVENT_ENDED, 3000)->result, LINE_RESULT_BUSY);
    far_is_done(&far);
    desk_close(&desk);
}

TEST(a_call_that_is_being_dialled_when_it_is_killed_is_a_line_error)
{
    struct desk desk;
    desk_open(&desk);
    struct far far = far_answers("<INVITE >100 <BYE", desk.sip_port, 0);
    desk_place(&desk, 11, "+15550100");
    desk_turn(&desk, 200);
    kill(desk_softphone_pid(&desk), SIGKILL);
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_ENDED, 3000);
    assert_int_equal(e->fault, LINE_FAULT_LOST);
    assert_string_equal(e->outcome, "");
    far_stop(&far);
    desk_close(&desk);
}

TEST(a_call_outlives_us_and_is_taken_over)
{
    struct desk desk;
    desk_prepare(&desk);
    struct far far = far_answers("<INVITE >100 >180 >200+ <ACK <BYE >200=", desk.sip_port, 0);
    int told[2];
    char byte;
    assert_int_equal(pipe(told), 0);
    pid_t first = fork();
    assert_true(first >= 0);
    if (first == 0) {
        desk_start(&desk);
        desk_wait_line(&desk, DIAL_LINE_UP, 5000);
        desk_place(&desk, 11, "+15550100");
        desk_wait(&desk, DIAL_EVENT_ANSWERED, 5000);
        byte = 'x';
        if (write(told[1], &byte, 1) == 1)
            raise(SIGKILL);
        _exit(1);
    }
    child_add(first);
    close(told[1]);
    assert_int_equal(read(told[0], &byte, 1), 1);
    close(told[0]);
    assert_int_equal(child_wait(first, 5000), 128 + SIGKILL);
    pid_t pid = desk_softphone_pid(&desk);
    assert_true(is_alive(pid));
    pause_ms(200);

    desk_start(&desk);
    const struct dial_event *e = desk_wait(&desk, DIAL_EVENT_ANSWERED, 5000);
    assert_true(e->adopted && !e->inbound && e->call < 0);
    assert_string_equal(e->number, "+15550100");
    int64_t call = e->call;
    assert_int_equal(desk_softphone_pid(&desk), pid);
    if (dialer_line(desk.d) != DIAL_LINE_UP)
        desk_wait_line(&desk, DIAL_LINE_UP, 5000);
    assert_true(dial_hang_up(desk.d, call, NULL));
    assert_int_equal(desk_wait(&desk, DIAL_EVENT_ENDED, 3000)->call, call);
    far_is_done(&far);
    desk_close(&desk);
    gone_soon(pid);
}

TEST(somebody_else_on_the_control_port_is_told_and_the_call_goes_on)
{
    struct desk desk;
    desk_open(&desk);
    struct far far = far_answers("<INVITE >100 >180 >200+ <ACK <BYE >200=", desk.sip_port, 0);
    desk_place(&desk, 11, "+15550100");
    desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)desk_softphone_port(&desk)),
                             .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    assert_int_equal(connect(fd, (struct sockaddr *)&to, sizeof to), 0);
    assert_non_null(strstr(desk_wait(&desk, DIAL_EVENT_NOTE, 3000)->text, "another program"));
    desk_wait_line(&desk, DIAL_LINE_UP, 5000);
    assert_int_equal(dial_state(desk.d, 11), LINE_TALKING);
    assert_true(dial_hang_up(desk.d, 11, NULL));
    assert_true(desk_wait(&desk, DIAL_EVENT_ENDED, 3000)->answered);
    far_is_done(&far);
    close(fd);
    desk_close(&desk);
}

TEST(a_baresip_that_runs_already_is_used_and_left_running)
{
    struct desk own, guest;
    desk_open(&own); /* any other program's child would do */
    char address[64];
    snprintf(address, sizeof address, "127.0.0.1:%d", desk_softphone_port(&own));
    desk_prepare(&guest);
    guest.config = (struct dial_config){.kind = "baresip", .baresip_address = address};
    desk_start(&guest);
    desk_wait_line(&guest, DIAL_LINE_UP, 5000);
    struct far far = far_answers("<INVITE >100 >486 <ACK", own.sip_port, 0);
    desk_place(&guest, 11, "+15550100");
    assert_int_equal(desk_wait(&guest, DIAL_EVENT_ENDED, 3000)->result, LINE_RESULT_BUSY);
    far_is_done(&far);
    desk_close(&guest);
    assert_true(is_alive(desk_softphone_pid(&own)));
    desk_close(&own);
}

TEST(leaving_in_order_leaves_nothing)
{
    struct desk desk;
    desk_open(&desk);
    struct far far = far_answers("<INVITE >100 >180 >200+ <ACK <BYE >200=", desk.sip_port, 0);
    desk_place(&desk, 11, "+15550100");
    desk_wait(&desk, DIAL_EVENT_ANSWERED, 3000);
    pid_t pid = desk_softphone_pid(&desk);
    int64_t before = monotonic_ms();
    desk_close(&desk); /* in a call: the far end hears BYE */
    assert_true(monotonic_ms() - before < 2500);
    gone_soon(pid);
    far_is_done(&far);
    char path[400];
    snprintf(path, sizeof path, "%s/softphone-0", desk.runtime);
    DIR *dir = opendir(path);
    assert_non_null(dir);
    for (struct dirent *e; (e = readdir(dir)) != NULL;)
        if (e->d_name[0] != '.')
            assert_string_equal(e->d_name, "lock");
    closedir(dir);
}

TEST(leaving_while_it_is_dialled_does_not_wait_for_the_network)
{
    struct desk desk;
    desk_open(&desk);
    desk_place(&desk, 11, "+15550100"); /* nobody is there: an INVITE stays unanswered */
    desk_turn(&desk, 200);
    pid_t pid = desk_softphone_pid(&desk);
    int64_t before = monotonic_ms();
    desk_close(&desk);
    assert_true(monotonic_ms() - before < 3000);
    gone_soon(pid);
}

TEST(two_windows_have_a_softphone_each)
{
    struct desk one, two;
    desk_open(&one);
    desk_prepare(&two);
    two.config.runtime_dir = one.runtime;
    desk_start(&two);
    desk_wait_line(&two, DIAL_LINE_UP, 5000);
    pid_t pid = desk_softphone_pid(&one);
    desk_close(&two);
    assert_true(is_alive(pid));
    desk_close(&one);
}

TEST(settings_that_cannot_work_are_refused_with_words)
{
    const char *open_file = test_path("open-password"), *hostile_file = test_path("hostile-password");
    test_write_file(open_file, "x\n", 2);
    chmod(open_file, 0644);
    test_write_file(hostile_file, "a;regint=1\n", 11);
    chmod(hostile_file, 0600);
    const struct {
        struct dial_config config;
        const char *says;
    } rows[] = {
        {{.sip_account = ""}, "set sip-account"},
        {{.sip_account = "rep@host"}, "sip:user@host"},
        {{.sip_account = "sip:rep@host\nmodule_app x.so"}, "sip:user@host"},
        {{.sip_account = "sip:rep@host>;auth_pass=x"}, "sip:user@host"},
        {{.sip_account = "sip:rep@host;regint=1"}, "sip:user@host"},
        {{.sip_account = "sip:@host"}, "sip:user@host"},
        {{.sip_account = "sip:rep@host", .sip_name = "x\" <sip:y@z>"}, "sip-name"},
        {{.sip_account = "sip:rep@host", .sip_user = "x;auth_pass=y"}, "sip-user"},
        {{.sip_account = "sip:rep@host", .audio_source = "../evil,x"}, "DRIVER,DEVICE"},
        {{.sip_account = "sip:rep@host", .audio_player = "alsa,x\nmodule_app y"}, "DRIVER,DEVICE"},
        {{.sip_account = "sip:rep@host", .sip_password_file = open_file}, "chmod 600"},
        {{.sip_account = "sip:rep@host", .sip_password_file = hostile_file}, "SIP password"},
        {{.sip_account = "sip:rep@host", .sip_password_file = "/nonexistent"}, "cannot read"},
        {{.baresip_address = "192.168.1.5:4444"}, "on the network"},
        {{.baresip_address = "localhost:4444"}, "ADDRESS:PORT"},
        {{.baresip_address = "127.0.0.1:99999"}, "ADDRESS:PORT"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dial_config config = rows[i].config;
        struct error err = {0};
        config.kind = "baresip";
        config.runtime_dir = test_path("run-refused");
        struct dialer *d = dialer_open(&config, &err);
        if (d != NULL || strstr(err.text, rows[i].says) == NULL)
            fail_msg("row %zu: %s", i, d != NULL ? "it was taken" : err.text);
        assert_null(strstr(err.text, "regint=1\n"));
    }
}
