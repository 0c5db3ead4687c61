/* SPDX-License-Identifier: MIT */
/* Inside the store: what is known of folders, apart from this machine's, for the tests. */
#ifndef CALLDECK_STORE_FOLDER_H
#define CALLDECK_STORE_FOLDER_H

#include "calldeck/str.h"

/* "NFS" for a file system's magic number (statfs) that lies on a network; NULL: not one that we know. */
const char *folder_network(unsigned long magic);
/* The type that FUSE names ("fuse.sshfs") for the mount of an absolute path, from the text of /proc/self/mountinfo. */
bool folder_mount_type(struct str mountinfo, const char *path, struct buf *out);
/* "Dropbox" for a path one of whose folders a sync program keeps; NULL: none. By name alone. */
const char *folder_synced(const char *path);

#endif
