/* SPDX-License-Identifier: MIT */
/*
 * Functions that have no place here. The build puts this file before every C file of a floor; calling one of them is
 * then a compile error that names the way out.
 *
 * The system headers come first, so that their own declarations stay whole. Not here: clocks, output and the locale,
 * which some floors may use; tests/lint/symbols.sh watches those.
 */
#ifndef CALLDECK_BANNED_H
#define CALLDECK_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

/* They write without knowing how much room there is. */
#undef strcpy
#define strcpy(...) banned_strcpy_use_buf_add
#undef strcat
#define strcat(...) banned_strcat_use_buf_add
#undef strncpy
#define strncpy(...) banned_strncpy_use_buf_add
#undef strncat
#define strncat(...) banned_strncat_use_buf_add
#undef stpcpy
#define stpcpy(...) banned_stpcpy_use_buf_add
#undef sprintf
#define sprintf(...) banned_sprintf_use_buf_printf
#undef vsprintf
#define vsprintf(...) banned_vsprintf_use_buf_vprintf
#undef gets
#define gets(...) banned_gets_use_getline

/* They hide an error, or state between two calls. */
#undef atoi
#define atoi(...) banned_atoi_use_str_int
#undef atol
#define atol(...) banned_atol_use_str_int
#undef atoll
#define atoll(...) banned_atoll_use_str_int
#undef atof
#define atof(...) banned_atof_reads_by_locale
#undef strtok
#define strtok(...) banned_strtok_use_str_next
#undef rand
#define rand(...) banned_rand_pass_a_seed
#undef srand
#define srand(...) banned_srand_pass_a_seed
#undef random
#define random(...) banned_random_pass_a_seed
#undef tmpnam
#define tmpnam(...) banned_tmpnam_use_mkstemp
#undef mktemp
#define mktemp(...) banned_mktemp_use_mkstemp

/* Time zones of the C library belong to the whole process; prospects live in many. */
#undef localtime
#define localtime(...) banned_localtime_use_zone_h
#undef localtime_r
#define localtime_r(...) banned_localtime_r_use_zone_h
#undef gmtime
#define gmtime(...) banned_gmtime_use_date_h
#undef gmtime_r
#define gmtime_r(...) banned_gmtime_r_use_date_h
#undef mktime
#define mktime(...) banned_mktime_use_zone_h
#undef ctime
#define ctime(...) banned_ctime_use_date_h
#undef asctime
#define asctime(...) banned_asctime_use_date_h
#undef tzset
#define tzset(...) banned_tzset_use_zone_h

/* A shell reads what a prospect's name says. Programs are started from an argument list, by dial. */
#undef system
#define system(...) banned_system_use_an_argument_list
#undef popen
#define popen(...) banned_popen_use_an_argument_list

/* Nothing sleeps: one poll, one thread. */
#undef sleep
#define sleep(...) banned_sleep_use_a_timer
#undef usleep
#define usleep(...) banned_usleep_use_a_timer

#endif
