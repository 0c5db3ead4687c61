/* SPDX-License-Identifier: MIT */
/*
 * Folders where a database dies: on a network SQLite's locks do not hold and every statement may hang; a sync program
 * copies the file and its -wal at different moments, and brings the torn pair to the next machine.
 */
#include "folder.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statfs.h>
#include <sys/stat.h>
#include <unistd.h>

#include "calldeck/alloc.h"
#include "calldeck/store.h"

enum { FUSE = 0x65735546 };

const char *folder_network(unsigned long magic)
{
    /* linux/magic.h, and the file systems that name theirs elsewhere */
    static const struct {
        unsigned long magic;
        const char *name;
    } known[] = {
        {0x6969, "NFS"},       {0x517b, "SMB"},       {0xff534d42, "SMB"},  {0xfe534d42, "SMB"},
        {0x01021997, "9P"},    {0x00c36400, "Ceph"},  {0x5346414f, "AFS"},  {0x6b414653, "AFS"},
        {0x73757245, "Coda"},  {0x0bd00bd0, "Lustre"}, {0x7461636f, "OCFS2"}, {0x01161970, "GFS2"},
        {0x47504653, "GPFS"},  {0xaad7aaea, "PanFS"}, {0x564c, "NCP"},      {0x786f4256, "VirtualBox"},
        {0xbacbacbc, "VMware"},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (known[i].magic == (magic & 0xffffffff))
            return known[i].name;
    return NULL;
}

/* ---- FUSE: only the mount table knows whether it is a disk or a network ---- */

static int octal(const char *p)
{
    return p[0] >= '0' && p[0] <= '3' && p[1] >= '0' && p[1] <= '7' && p[2] >= '0' && p[2] <= '7'
               ? (p[0] - '0') * 64 + (p[1] - '0') * 8 + (p[2] - '0')
               : -1;
}

/* Does path lie under the mount point? Blanks in it are written \040. Returns the length of the mount point, 0: no. */
static size_t lies_under(struct str mount, const char *path)
{
    size_t at = 0;
    for (size_t i = 0; i < mount.len; i++, at++) {
        char c = mount.at[i];
        if (c == '\\' && i + 3 < mount.len && octal(mount.at + i + 1) >= 0) {
            c = (char)octal(mount.at + i + 1);
            i += 3;
        }
        if (path[at] != c)
            return 0;
    }
    if (at == 1) /* the root */
        return 1;
    return path[at] == '/' || path[at] == '\0' ? at : 0;
}

bool folder_mount_type(struct str mountinfo, const char *path, struct buf *out)
{
    struct str line, type = STR("");
    size_t longest = 0;
    while (str_next(&mountinfo, '\n', &line)) {
        struct str word, mount = STR("");
        for (int i = 0; i < 5 && str_word(&line, &word); i++)
            mount = word;
        size_t len = lies_under(mount, path);
        if (mount.len == 0 || len < longest || len == 0)
            continue;
        while (str_word(&line, &word) && !str_is(word, "-")) /* optional fields end at a dash */
            continue;
        if (str_word(&line, &word)) { /* of two mounts on one point the later one is on top */
            type = word;
            longest = len;
        }
    }
    buf_add_str(out, type);
    return type.len != 0;
}

static bool fuse_is_network(const char *path, struct buf *ret_type)
{
    int fd = open("/proc/self/mountinfo", O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return false;
    struct buf text;
    buf_init(&text);
    char part[4096];
    for (ssize_t n; (n = read(fd, part, sizeof part)) > 0 && text.len < (1u << 20);)
        buf_add(&text, part, (size_t)n);
    close(fd);
    bool known = folder_mount_type(buf_str(&text), path, ret_type);
    buf_done(&text);
    /* disks and local layers that happen to be served by a program */
    static const char *const local[] = {"fuseblk",         "fuse.gocryptfs", "fuse.encfs",         "fuse.cryfs", "fuse.bindfs",
                                        "fuse.mergerfs",   "fuse.ntfs-3g",   "fuse.fuse-overlayfs", "fuse.lxcfs", "fuse.zfs",
                                        "fuse.securefs",   "fuse.exfat",     "fuse.ext2",          "fuse.vmware-vmblock"};
    for (size_t i = 0; i < sizeof local / sizeof local[0]; i++)
        if (str_is(buf_str(ret_type), local[i]))
            return false;
    return known && str_starts(buf_str(ret_type), "fuse");
}

/* ---- sync programs ---- */

const char *folder_synced(const char *path)
{
    /* the folders that they make, by their own names; some carry the account behind it: "OneDrive - Nour Trading" */
    static const struct {
        const char *front, *name;
        bool more;
    } known[] = {
        {"dropbox", "Dropbox", false},
        {"dropbox (", "Dropbox", true},
        {"onedrive", "OneDrive", false},
        {"onedrive ", "OneDrive", true},
        {"onedrive-", "OneDrive", true},
        {"google drive", "Google Drive", false},
        {"googledrive", "Google Drive", false},
        {"googledrive-", "Google Drive", true},
        {"google-drive", "Google Drive", false},
        {"gdrive", "Google Drive", false},
        {"icloud", "iCloud", false},
        {"icloud drive", "iCloud", false},
        {"icloud-drive", "iCloud", false},
        {"iclouddrive", "iCloud", false},
        {"mobile documents", "iCloud", false},
        {"nextcloud", "Nextcloud", false},
        {"owncloud", "ownCloud", false},
        {"pcloud", "pCloud", false},
        {"pclouddrive", "pCloud", false},
        {"pcloud drive", "pCloud", false},
        {"syncthing", "Syncthing", false},
        {"megasync", "MEGA", false},
        {"box sync", "Box", false},
        {"seafile", "Seafile", false},
    };
    struct str rest = str_of(path), part;
    while (str_next(&rest, '/', &part))
        for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
            if (known[i].more ? str_starts_ascii_case(part, known[i].front)
                              : str_eq_ascii_case(part, str_of(known[i].front)))
                return known[i].name;
    return NULL;
}

/* Programs that keep any folder mark it with one of their own. */
static const char *marked(char *folder)
{
    static const struct {
        const char *mark, *name;
    } marks[] = {{".stfolder", "Syncthing"}, {".dropbox", "Dropbox"}, {".nextcloudsync.log", "Nextcloud"},
                 {".owncloudsync.log", "ownCloud"}, {".seafile-data", "Seafile"}};
    for (;;) {
        for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
            char path[PATH_MAX + 32];
            struct stat st;
            snprintf(path, sizeof path, "%s/%s", folder, marks[i].mark);
            /* ~/.dropbox is Dropbox's own settings, not a mark of a folder that is synced: that one is a file */
            if (lstat(path, &st) == 0 && (strcmp(marks[i].mark, ".dropbox") != 0 || S_ISREG(st.st_mode)))
                return marks[i].name;
        }
        char *slash = strrchr(folder, '/');
        if (slash == NULL || slash == folder)
            return NULL;
        *slash = '\0';
    }
}

bool store_place_warning(const char *path, struct buf *out)
{
    /* The file need not be there yet: its nearest folder that is counts. */
    char *front = alloc_copy(path, strlen(path)), real[PATH_MAX];
    for (;;) {
        char *slash = strrchr(front, '/');
        if (slash == NULL || slash == front) {
            if (realpath(slash == NULL ? "." : "/", real) == NULL)
                real[0] = '\0';
            break;
        }
        *slash = '\0';
        if (realpath(front, real) != NULL)
            break;
    }
    free(front);

    struct statfs fs;
    struct buf type;
    buf_init(&type);
    const char *network = NULL, *synced = folder_synced(real[0] ? real : path);
    if (synced == NULL)
        synced = folder_synced(path);
    if (real[0] != '\0' && statfs(real, &fs) == 0) {
        network = folder_network((unsigned long)fs.f_type);
        if (((unsigned long)fs.f_type & 0xffffffff) == FUSE && fuse_is_network(real, &type))
            network = type.at;
    }
    if (synced == NULL && network == NULL && real[0] != '\0')
        synced = marked(real);
    if (network != NULL)
        buf_printf(out, "\"%s\" lies on a network (%s), where files are not locked safely: keep the database on a disk of this "
                        "machine and take backups there", path, network);
    else if (synced != NULL)
        buf_printf(out, "\"%s\" lies in a folder that %s copies while it is written: keep the database elsewhere and take "
                        "backups there", path, synced);
    buf_done(&type);
    return network != NULL || synced != NULL;
}
