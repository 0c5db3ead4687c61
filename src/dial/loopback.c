/* SPDX-License-Identifier: MIT */
/* Addresses of control ports. They have no password, or send it in clear: none of them may be on the network. */
#include <arpa/inet.h>
#include <string.h>

#include "backend.h"

bool loopback_read(const char *setting, const char *value, int default_port, char ret_host[LOOPBACK_SIZE], int *ret_port,
                   struct error *err)
{
    struct str host = str_of(value);
    size_t colon = str_find(host, ':');
    int64_t port = default_port;
    struct in_addr at;
    char text[LOOPBACK_SIZE] = "";
    bool ok = colon >= host.len || (str_int(str_skip(host, colon + 1), &port) && port > 0 && port < 65536);
    host.len = colon;
    ok = ok && host.len > 0 && host.len < sizeof text;
    if (ok)
        memcpy(text, host.at, host.len);
    if (!ok || inet_pton(AF_INET, text, &at) != 1)
        return error_set(err, ERR_USAGE, "the setting %s \"%s\" is not ADDRESS:PORT, as in 127.0.0.1:%d", setting, value, default_port);
    if (ntohl(at.s_addr) >> 24 != 127)
        return error_set(err, ERR_USAGE, "the setting %s \"%s\" is on the network, where everybody could listen: make it "
                         "127.0.0.1, by an ssh tunnel if need be", setting, value);
    memcpy(ret_host, text, sizeof text);
    *ret_port = (int)port;
    return true;
}
