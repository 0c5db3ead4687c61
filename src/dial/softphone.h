/* SPDX-License-Identifier: MIT */
/*
 * baresip as a program: its configuration, its process, the files that a crash of ours leaves behind.
 *
 * Every window has a folder of its own in the runtime directory, held by a lock. Whoever takes a folder whose softphone
 * still runs finds its port there and takes over the call that is on it; whoever leaves in order leaves nothing.
 */
#ifndef CALLDECK_DIAL_SOFTPHONE_H
#define CALLDECK_DIAL_SOFTPHONE_H

#include <sys/types.h>

#include "calldeck/dial.h"

struct softphone {
    char *account, *user, *name, *password_command, *source, *player, *record_dir, *root;
    bool no_register, records;
    char *password; /* NULL: none (yet) */
    char *dir;      /* our folder, NULL before softphone_take */
    char *raw_dir;  /* where it records; "": nowhere */
    int lock_fd;
    pid_t pid;      /* 0: none */
    int pidfd;
    bool is_child;  /* else one that another calldeck has left */
    int port;       /* of its control connection */
};

/* USAGE or IO: what cannot be used, and why. Reads the password's file, makes the folder. */
bool softphone_open(struct softphone *s, const struct dial_config *config, struct error *err);
/* One that was left over, of the same account. false: there is none; of another account: it is ended. */
bool softphone_adopt(struct softphone *s);
/* Writes the configuration and starts it, on ports that are free now. */
bool softphone_start(struct softphone *s, struct error *err);
/* why: its last words. */
bool softphone_ended(struct softphone *s, struct buf *why);
/* SIGTERM twice, which ends its calls and then itself; does not wait. */
void softphone_signal_end(const struct softphone *s);
/* The ladder: a moment, SIGTERM, SIGTERM again, SIGKILL. It has been asked to quit. */
void softphone_stop(struct softphone *s, int wait_ms);
void softphone_close(struct softphone *s);
/* Its log is for its last words alone: cut when it has grown. */
void softphone_log_cut(const struct softphone *s);
/* The port is listened on by that very process; true also where the kernel does not tell. */
bool softphone_owns_port(const struct softphone *s);
/* First line of a file that nobody else can read. */
bool secret_read(const char *path, char **ret, struct error *err);

/* softphone_config.c */
bool softphone_check(const struct softphone *s, struct error *err);
bool softphone_write(const struct softphone *s, int sip_port, struct error *err);
bool is_loopback_account(const char *account);
bool softphone_has_recorder(void);
/* The account that a caller line is: how baresip finds it, and the line that makes it. It may hold the password. */
void softphone_caller(const struct softphone *s, const char *caller, struct buf *ret_aor, struct buf *ret_line);

#endif
