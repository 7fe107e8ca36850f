/*
 * Preloaded into a node: remembers what a power cut would take away.
 *
 * Writes go through, so that everything works as always; but before each one, what it replaces is written to a
 * journal. A sync that has ended is noted there too. After the process has been killed, `power-cut.ts` reads the
 * journal and takes back, in full or in part, what no sync had made durable: so the disk is left as a power
 * cut might have left it. kill -9 alone never does that, because the kernel keeps what was written.
 *
 * Only files below $QUORAIL_POWER_FOLDER are looked at, and not SQLite's shared memory, which is not durable
 * by design. A file opened with O_DSYNC is opened without it, and each write to it followed by a sync: the same to whoever
 * writes, and seen here as what it is.
 * While the file $QUORAIL_POWER_LIE exists, syncs do nothing and say that they did (the control).
 *
 * While the file $QUORAIL_POWER_FAULT exists, the disk is ill: it has one line, "fail-sync PART", "fail-write PART" (both EIO) or
 * "slow-sync PART MILLISECONDS", for files whose path has PART in it. Each time is a byte in $QUORAIL_POWER_FAULT.seen.
 *
 * A record: magic, kind, length of name, inode, offset, size before, length of bytes; then name and bytes.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum { WRITE = 1, TRUNCATE, SYNC_BEGIN, SYNC_END, CREATE, REMOVE, RENAME, LINK, SYNC_LIE };

struct record {
  uint32_t magic, kind;
  uint64_t inode, offset, size, parent;
  uint32_t name_length, byte_length;
};

#define MAGIC 0x51504f57u
#define MOST_FILES 65536

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static char folder[PATH_MAX], lie[PATH_MAX], fault[PATH_MAX - 64], kept[PATH_MAX - 64];
static size_t folder_length;
static int journal = -1;
static unsigned removed;
static unsigned char tracked[MOST_FILES], synced[MOST_FILES];

static int sync_file(int fd, long number);

#define NEXT(name) ((__typeof__(&name))next(#name))
static void *next(const char *name) { return dlsym(RTLD_NEXT, name); }

__attribute__((constructor)) static void start(void) {
  const char *given = getenv("QUORAIL_POWER_FOLDER");
  const char *file = getenv("QUORAIL_POWER_JOURNAL");
  const char *control = getenv("QUORAIL_POWER_LIE");
  if (given == NULL || file == NULL) return;
  snprintf(folder, sizeof folder, "%s/", given);
  folder_length = strlen(folder);
  if (control != NULL) snprintf(lie, sizeof lie, "%s", control);
  const char *illness = getenv("QUORAIL_POWER_FAULT");
  if (illness != NULL) snprintf(fault, sizeof fault, "%s", illness);
  snprintf(kept, sizeof kept, "%s.removed", file);
  mkdir(kept, 0700);
  journal = (int)syscall(SYS_openat, AT_FDCWD, file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (journal < 0) {
    fprintf(stderr, "power shim: cannot open %s: %s\n", file, strerror(errno));
    abort();
  }
}

static int is_ours(const char *path) {
  if (journal < 0 || path == NULL || strncmp(path, folder, folder_length) != 0) return 0;
  size_t length = strlen(path);
  return length < 4 || strcmp(path + length - 4, "-shm") != 0;
}

static int is_tracked(int fd) { return journal >= 0 && fd >= 0 && fd < MOST_FILES && tracked[fd]; }

/* Whole or not at all: a kill in the middle leaves a record that is cut short, and its write was not begun. */
static void append(uint32_t kind, struct record record, const char *name, const void *bytes) {
  record.magic = MAGIC;
  record.kind = kind;
  record.name_length = name == NULL ? 0 : (uint32_t)strlen(name);
  struct iovec parts[3] = {{&record, sizeof record},
                           {(void *)name, record.name_length},
                           {(void *)bytes, record.byte_length}};
  ssize_t all = (ssize_t)(sizeof record + record.name_length + record.byte_length);
  if (syscall(SYS_writev, journal, parts, 3) != all) {
    fprintf(stderr, "power shim: the journal took less than it was given\n");
    abort();
  }
}

static uint64_t inode_of(const char *path) {
  struct stat found;
  return stat(path, &found) == 0 ? (uint64_t)found.st_ino : 0;
}

static uint64_t parent_of(const char *path) {
  char parent[PATH_MAX];
  snprintf(parent, sizeof parent, "%s", path);
  char *slash = strrchr(parent, '/');
  if (slash != NULL) *slash = 0;
  return inode_of(parent);
}

/* What stands between offset and end of a file now. */
static void remember(uint32_t kind, int fd, uint64_t offset, uint64_t length) {
  struct stat found;
  if (fstat(fd, &found) != 0) return;
  struct record record = {.inode = found.st_ino, .offset = offset, .size = (uint64_t)found.st_size};
  char *bytes = NULL;
  if (offset < record.size) {
    uint64_t there = record.size - offset < length ? record.size - offset : length;
    bytes = malloc(there + 1);
    ssize_t count = syscall(SYS_pread64, fd, bytes, there, offset);
    /* A file opened for writing only can be read by its name in /proc. */
    if (count < 0 && errno == EBADF) {
      char name[64];
      snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
      int again = (int)syscall(SYS_openat, AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0);
      count = syscall(SYS_pread64, again, bytes, there, offset);
      syscall(SYS_close, again);
    }
    if (count < 0) {
      fprintf(stderr, "power shim: cannot read what is replaced: %s\n", strerror(errno));
      abort();
    }
    record.byte_length = (uint32_t)count;
  }
  /* Which part of the file the write reaches: the sectors that may be torn. */
  record.parent = length;
  append(kind, record, NULL, bytes);
  free(bytes);
}

static uint64_t place(int fd) {
  int flags = fcntl(fd, F_GETFL);
  struct stat found;
  if ((flags & O_APPEND) && fstat(fd, &found) == 0) return (uint64_t)found.st_size;
  off64_t at = lseek64(fd, 0, SEEK_CUR);
  return at < 0 ? 0 : (uint64_t)at;
}

static size_t total(const struct iovec *parts, int count) {
  size_t sum = 0;
  for (int at = 0; at < count; at++) sum += parts[at].iov_len;
  return sum;
}

/* Whether the disk does this to that file now, and for how long. */
static int is_ill(const char *how, int fd, unsigned *milliseconds) {
  if (fault[0] == 0) return 0;
  int file = (int)syscall(SYS_openat, AT_FDCWD, fault, O_RDONLY | O_CLOEXEC, 0);
  if (file < 0) return 0;
  char line[256] = "", verb[32] = "", part[128] = "", link[64], path[PATH_MAX] = "", seen[PATH_MAX];
  ssize_t count = syscall(SYS_read, file, line, sizeof line - 1);
  syscall(SYS_close, file);
  if (count <= 0 || sscanf(line, "%31s %127s %u", verb, part, milliseconds) < 2) return 0;
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  if (readlink(link, path, sizeof path - 1) < 0) return 0;
  if (strcmp(verb, how) != 0 || strstr(path, part) == NULL) return 0;
  snprintf(seen, sizeof seen, "%s.seen", fault);
  int noted = (int)syscall(SYS_openat, AT_FDCWD, seen, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  syscall(SYS_write, noted, ".", 1);
  syscall(SYS_close, noted);
  return 1;
}

#define AROUND(type, fd, kind, offset, length, call)  \
  do {                                                \
    if (!is_tracked(fd)) return call;                 \
    unsigned unused = 0;                              \
    if (is_ill("fail-write", fd, &unused)) {          \
      errno = EIO;                                    \
      return -1;                                      \
    }                                                 \
    pthread_mutex_lock(&lock);                        \
    remember(kind, fd, offset, length);               \
    type result = call;                               \
    int error = errno;                                \
    pthread_mutex_unlock(&lock);                      \
    errno = error;                                    \
    if (result >= 0 && synced[fd] && sync_file(fd, SYS_fdatasync) != 0) return -1; \
    return result;                                    \
  } while (0)

ssize_t write(int fd, const void *bytes, size_t length) {
  AROUND(ssize_t, fd, WRITE, place(fd), length, syscall(SYS_write, fd, bytes, length));
}
ssize_t pwrite(int fd, const void *bytes, size_t length, off_t offset) {
  AROUND(ssize_t, fd, WRITE, (uint64_t)offset, length, syscall(SYS_pwrite64, fd, bytes, length, offset));
}
ssize_t pwrite64(int fd, const void *bytes, size_t length, off64_t offset) {
  AROUND(ssize_t, fd, WRITE, (uint64_t)offset, length, syscall(SYS_pwrite64, fd, bytes, length, offset));
}
ssize_t writev(int fd, const struct iovec *parts, int count) {
  AROUND(ssize_t, fd, WRITE, place(fd), total(parts, count), NEXT(writev)(fd, parts, count));
}
ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  AROUND(ssize_t, fd, WRITE, (uint64_t)offset, total(parts, count), NEXT(pwritev)(fd, parts, count, offset));
}
ssize_t pwritev64(int fd, const struct iovec *parts, int count, off64_t offset) {
  AROUND(ssize_t, fd, WRITE, (uint64_t)offset, total(parts, count), NEXT(pwritev64)(fd, parts, count, offset));
}
int ftruncate(int fd, off_t size) {
  AROUND(int, fd, TRUNCATE, (uint64_t)size, UINT64_MAX, (int)syscall(SYS_ftruncate, fd, size));
}
int ftruncate64(int fd, off64_t size) {
  AROUND(int, fd, TRUNCATE, (uint64_t)size, UINT64_MAX, (int)syscall(SYS_ftruncate, fd, size));
}
int fallocate(int fd, int mode, off_t offset, off_t length) {
  AROUND(int, fd, WRITE, (uint64_t)offset, (uint64_t)length, (int)syscall(SYS_fallocate, fd, mode, offset, length));
}
int fallocate64(int fd, int mode, off64_t offset, off64_t length) {
  AROUND(int, fd, WRITE, (uint64_t)offset, (uint64_t)length, (int)syscall(SYS_fallocate, fd, mode, offset, length));
}
int posix_fallocate(int fd, off_t offset, off_t length) {
  return fallocate(fd, 0, offset, length) == 0 ? 0 : errno;
}
int posix_fallocate64(int fd, off64_t offset, off64_t length) {
  return fallocate(fd, 0, offset, length) == 0 ? 0 : errno;
}

/* What was written before the sync began is durable when it has ended. */
static int sync_file(int fd, long number) {
  struct stat found;
  if (journal < 0 || fstat(fd, &found) != 0) return (int)syscall(number, fd);
  int isFolder = S_ISDIR(found.st_mode);
  if (!isFolder && !is_tracked(fd)) return (int)syscall(number, fd);
  struct record record = {.inode = found.st_ino};
  if (lie[0] != 0 && syscall(SYS_faccessat, AT_FDCWD, lie, F_OK) == 0) {
    pthread_mutex_lock(&lock);
    append(SYNC_LIE, record, NULL, NULL);
    pthread_mutex_unlock(&lock);
    return 0;
  }
  unsigned milliseconds = 0;
  if (is_ill("fail-sync", fd, &milliseconds)) {
    errno = EIO;
    return -1;
  }
  if (is_ill("slow-sync", fd, &milliseconds)) usleep(milliseconds * 1000);
  static uint64_t syncs;
  pthread_mutex_lock(&lock);
  record.offset = ++syncs;
  record.size = (uint64_t)getpid();
  append(SYNC_BEGIN, record, NULL, NULL);
  pthread_mutex_unlock(&lock);
  int result = (int)syscall(number, fd);
  int error = errno;
  if (result == 0) {
    pthread_mutex_lock(&lock);
    append(SYNC_END, record, NULL, NULL);
    pthread_mutex_unlock(&lock);
  }
  errno = error;
  return result;
}
int fsync(int fd) { return sync_file(fd, SYS_fsync); }
int fdatasync(int fd) { return sync_file(fd, SYS_fdatasync); }

static int open_file(int at, const char *path, int flags, mode_t mode) {
  if (at != AT_FDCWD || !is_ours(path) || (flags & O_DIRECTORY))
    return (int)syscall(SYS_openat, at, path, flags, mode);
  pthread_mutex_lock(&lock);
  struct stat before;
  int was = stat(path, &before) == 0;
  if (was && S_ISREG(before.st_mode) && (flags & O_TRUNC)) {
    int old = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDWR | O_CLOEXEC, 0);
    if (old >= 0) remember(TRUNCATE, old, 0, UINT64_MAX);
    if (old >= 0) syscall(SYS_close, old);
  }
  int fd = (int)syscall(SYS_openat, AT_FDCWD, path, flags & ~O_SYNC, mode);
  int error = errno;
  struct stat now;
  if (fd >= 0 && fd < MOST_FILES && fstat(fd, &now) == 0 && S_ISREG(now.st_mode)) {
    tracked[fd] = 1;
    synced[fd] = (flags & O_DSYNC) != 0;
    if (!was) append(CREATE, (struct record){.inode = now.st_ino, .parent = parent_of(path)}, path, NULL);
  }
  pthread_mutex_unlock(&lock);
  errno = error;
  return fd;
}

#include "opening.h"

int close(int fd) {
  if (is_tracked(fd)) tracked[fd] = 0;
  return (int)syscall(SYS_close, fd);
}

/* What is removed is kept under another name, in case the removal is taken back. */
static void keep(const char *path, char *as, size_t size) {
  snprintf(as, size, "%s/%d-%u", kept, getpid(), removed++);
  if (syscall(SYS_linkat, AT_FDCWD, path, AT_FDCWD, as, 0) != 0) as[0] = 0;
}

int unlink(const char *path) {
  if (!is_ours(path)) return (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  pthread_mutex_lock(&lock);
  char as[PATH_MAX], names[2 * PATH_MAX];
  struct record record = {.inode = inode_of(path), .parent = parent_of(path)};
  keep(path, as, sizeof as);
  snprintf(names, sizeof names, "%s\n%s", path, as);
  if (record.inode != 0) append(REMOVE, record, names, NULL);
  int result = (int)syscall(SYS_unlinkat, AT_FDCWD, path, 0);
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

int rename(const char *from, const char *to) {
  if (!is_ours(from) && !is_ours(to)) return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  pthread_mutex_lock(&lock);
  char as[PATH_MAX] = "", names[3 * PATH_MAX];
  struct record record = {.inode = inode_of(from), .parent = parent_of(to)};
  if (inode_of(to) != 0) keep(to, as, sizeof as);
  snprintf(names, sizeof names, "%s\n%s\n%s", from, to, as);
  append(RENAME, record, names, NULL);
  int result = (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0);
  int error = errno;
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}

int link(const char *from, const char *to) {
  if (!is_ours(to)) return (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
  pthread_mutex_lock(&lock);
  int result = (int)syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0);
  int error = errno;
  if (result == 0)
    append(LINK, (struct record){.inode = inode_of(to), .parent = parent_of(to)}, to, NULL);
  pthread_mutex_unlock(&lock);
  errno = error;
  return result;
}
