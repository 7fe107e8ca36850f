/*
 * Preloaded into a process: counts what it does to the files below $QUORAIL_STEPS_FOLDER from when the file
 * $QUORAIL_STEPS_ARMED is there, and kills it before step $QUORAIL_STEPS_KILL_AT (0: never). Each step is a line
 * in $QUORAIL_STEPS_LOG: what, and the file's name. SQLite's steps are seen like those of Node, on all threads.
 * Its shared memory is not looked at but for its name: it is not durable by design.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define MOST_FILES 4096

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX];
static const char *armed;
static char names[MOST_FILES][128];
static size_t folder_length;
static long count, kill_at;
static int steps = -1;

__attribute__((constructor)) static void start(void) {
  const char *given = getenv("QUORAIL_STEPS_FOLDER");
  const char *file = getenv("QUORAIL_STEPS_LOG");
  const char *at = getenv("QUORAIL_STEPS_KILL_AT");
  armed = getenv("QUORAIL_STEPS_ARMED");
  if (given == NULL || file == NULL || armed == NULL) return;
  snprintf(folder, sizeof folder, "%s", given);
  folder_length = strlen(folder);
  kill_at = at == NULL ? 0 : atol(at);
  steps = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
}

static const char *ours(const char *path) {
  if (steps < 0 || path == NULL || strncmp(path, folder, folder_length) != 0) return NULL;
  return path[folder_length] == '/' ? path + folder_length + 1 : path[folder_length] == 0 ? "." : NULL;
}

static int is_shared_memory(const char *name) {
  size_t length = strlen(name);
  return length > 4 && strcmp(name + length - 4, "-shm") == 0;
}

/* The lock stays taken when it kills: no other thread does a step behind it. */
static void step(const char *what, const char *name) {
  if (syscall(SYS_faccessat, AT_FDCWD, armed, F_OK) != 0) return;
  pthread_mutex_lock(&lock);
  count++;
  char line[256];
  int length = snprintf(line, sizeof line, "%s %s\n", what, name);
  if (syscall(SYS_write, steps, line, length) != length) abort();
  if (count == kill_at)
    for (;;) syscall(SYS_kill, getpid(), SIGKILL);
  pthread_mutex_unlock(&lock);
}

static void step_on(const char *what, int fd) {
  if (steps >= 0 && fd >= 0 && fd < MOST_FILES && names[fd][0] != 0) step(what, names[fd]);
}

static void step_at(const char *what, const char *path) {
  const char *name = ours(path);
  if (name != NULL) step(what, name);
}

ssize_t write(int fd, const void *bytes, size_t length) {
  step_on("write", fd);
  return syscall(SYS_write, fd, bytes, length);
}
#define PWRITE(name, type)                                                \
  ssize_t name(int fd, const void *bytes, size_t length, type offset) {   \
    step_on("write", fd);                                                 \
    return syscall(SYS_pwrite64, fd, bytes, length, offset);              \
  }
PWRITE(pwrite, off_t)
PWRITE(pwrite64, off64_t)
ssize_t writev(int fd, const struct iovec *parts, int parts_count) {
  step_on("write", fd);
  return syscall(SYS_writev, fd, parts, parts_count);
}
int ftruncate(int fd, off_t size) {
  step_on("truncate", fd);
  return (int)syscall(SYS_ftruncate, fd, size);
}
int ftruncate64(int fd, off64_t size) {
  step_on("truncate", fd);
  return (int)syscall(SYS_ftruncate, fd, size);
}
int fsync(int fd) {
  step_on("sync", fd);
  return (int)syscall(SYS_fsync, fd);
}
int fdatasync(int fd) {
  step_on("sync", fd);
  return (int)syscall(SYS_fdatasync, fd);
}

static int open_file(int at, const char *path, int flags, mode_t mode) {
  const char *name = at == AT_FDCWD ? ours(path) : NULL;
  if (name != NULL && is_shared_memory(name)) name = NULL;
  if (name != NULL && (flags & O_CREAT) && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) != 0)
    step("create", name);
  int fd = (int)syscall(SYS_openat, at, path, flags, mode);
  if (fd >= 0 && fd < MOST_FILES) snprintf(names[fd], sizeof names[fd], "%s", name == NULL ? "" : name);
  return fd;
}

#include "opening.h"

int close(int fd) {
  step_on("close", fd);
  if (fd >= 0 && fd < MOST_FILES) names[fd][0] = 0;
  return (int)syscall(SYS_close, fd);
}
int unlink(const char *path) {
  if (syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0) step_at("remove", path);
  return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
}
int unlinkat(int at, const char *path, int flags) {
  if (at == AT_FDCWD && syscall(SYS_faccessat, AT_FDCWD, path, F_OK) == 0) step_at("remove", path);
  return (int)syscall(SYS_unlinkat, at, path, flags);
}
int remove(const char *path) {
  struct stat found;
  if (lstat(path, &found) != 0) return -1;
  step_at("remove", path);
  return (int)syscall(SYS_unlinkat, AT_FDCWD, path, S_ISDIR(found.st_mode) ? AT_REMOVEDIR : 0);
}
int rename(const char *from, const char *to) {
  step_at("rename", from);
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
}
int link(const char *from, const char *to) {
  step_at("link", to);
  return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
}
