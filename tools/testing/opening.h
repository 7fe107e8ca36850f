/*
 * For a library that is preloaded: every way to open a file goes to the library's own
 *   static int open_file(int at, const char *path, int flags, mode_t mode)
 * which is defined before this is included. The mode is read only where there is one.
 */
#include <fcntl.h>
#include <stdarg.h>

#define OPENING(name, leading, at)           \
  int name leading {                         \
    mode_t mode = 0;                         \
    if (flags & (O_CREAT | O_TMPFILE)) {     \
      va_list more;                          \
      va_start(more, flags);                 \
      mode = va_arg(more, mode_t);           \
      va_end(more);                          \
    }                                        \
    return open_file(at, path, flags, mode); \
  }
OPENING(open, (const char *path, int flags, ...), AT_FDCWD)
OPENING(open64, (const char *path, int flags, ...), AT_FDCWD)
OPENING(openat, (int where, const char *path, int flags, ...), where)
OPENING(openat64, (int where, const char *path, int flags, ...), where)
#undef OPENING
