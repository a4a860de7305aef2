/*
 * Preloaded into a node. Its wall clock is off by as many seconds as the first eight bytes of the file $CHAOS_CLOCK say,
 * and follows when they change. Time that is only measured, by the monotonic clock, is left alone; so are waits until an
 * instant of the wall clock, of which a node has none. No locks and no memory of its own: whoever asks for the time may
 * hold any lock.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static const volatile int64_t *seconds_off;

__attribute__((constructor)) static void open_clock(void) {
  const char *path = getenv("CHAOS_CLOCK");
  int file = path ? open(path, O_RDONLY | O_CLOEXEC) : -1;
  if (file >= 0) {
    void *page = mmap(NULL, sizeof *seconds_off, PROT_READ, MAP_SHARED, file, 0);
    if (page != MAP_FAILED) {
      seconds_off = page;
    }
    close(file);
  }
}

static int64_t off(void) {
  return seconds_off ? *seconds_off : 0;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
  int status = (int) syscall(SYS_clock_gettime, clock, now);
  if (status == 0 && (clock == CLOCK_REALTIME || clock == CLOCK_REALTIME_COARSE)) {
    now->tv_sec += off();
  }
  return status;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
  int status = (int) syscall(SYS_gettimeofday, now, zone);
  if (status == 0) {
    now->tv_sec += off();
  }
  return status;
}

time_t time(time_t *result) {
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  if (result) {
    *result = now.tv_sec;
  }
  return now.tv_sec;
}
