/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor for reading: what the kernel gives a program that does nothing with the bytes.
 *
 * T threads take file after file from a list; for each: open, read in chunks into a buffer that is
 * used again and again, close. No decoding, no checksum, no clock per file. Prints one line per
 * repetition: files bytes wall_seconds user_seconds system_seconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define PAGE_BYTES 4096

static char **names;
static long name_count;
static size_t chunk_bytes;
static atomic_long next_name;
static atomic_llong total_bytes;

static void fail(const char *what, const char *name) {
  fprintf(stderr, "read_files: %s %s: %s\n", what, name, strerror(errno));
  exit(1);
}

static void *work(void *buffer) {
  long long bytes = 0;
  for (long i; (i = atomic_fetch_add(&next_name, 1)) < name_count;) {
    int file = open(names[i], O_RDONLY | O_CLOEXEC);
    if (file < 0) fail("cannot open", names[i]);
    off_t at = 0;
    for (;;) {
      ssize_t got = pread(file, buffer, chunk_bytes, at);
      if (got < 0) fail("cannot read", names[i]);
      at += got;
      /* A regular file is read short only at its end: no further request to learn it. */
      if ((size_t)got < chunk_bytes) break;
    }
    bytes += at;
    close(file);
  }
  atomic_fetch_add(&total_bytes, bytes);
  return NULL;
}

static double wall(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

static double seconds(struct timeval time) { return time.tv_sec + time.tv_usec / 1e6; }

static void load_names(const char *list) {
  FILE *in = fopen(list, "r");
  if (!in) fail("cannot open", list);
  char *line = NULL;
  size_t room = 0;
  long space = 0;
  for (ssize_t length; (length = getline(&line, &room, in)) > 0;) {
    if (line[length - 1] == '\n') line[length - 1] = 0;
    if (name_count == space) {
      space = space ? 2 * space : 1024;
      names = realloc(names, space * sizeof *names);
      if (!names) fail("no memory for", list);
    }
    names[name_count++] = strdup(line);
  }
  free(line);
  fclose(in);
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: read_files LIST THREADS CHUNK_BYTES REPETITIONS\n");
    return 2;
  }
  load_names(argv[1]);
  int threads = atoi(argv[2]);
  chunk_bytes = strtoull(argv[3], NULL, 10);
  int repetitions = atoi(argv[4]);
  if (name_count == 0 || threads < 1 || chunk_bytes < 1 || repetitions < 1) {
    fprintf(stderr, "read_files: nothing to do\n");
    return 2;
  }
  pthread_t ids[threads];
  void *buffers[threads];
  for (int i = 0; i < threads; i++) {
    if (posix_memalign(&buffers[i], PAGE_BYTES, chunk_bytes)) fail("no memory for", "buffers");
    memset(buffers[i], 0, chunk_bytes);
  }
  for (int r = 0; r < repetitions; r++) {
    atomic_store(&next_name, 0);
    atomic_store(&total_bytes, 0);
    struct rusage before, after;
    getrusage(RUSAGE_SELF, &before);
    double start = wall();
    for (int i = 0; i < threads; i++) {
      if (pthread_create(&ids[i], NULL, work, buffers[i])) fail("cannot start", "thread");
    }
    for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
    double elapsed = wall() - start;
    getrusage(RUSAGE_SELF, &after);
    printf("%ld %lld %.6f %.6f %.6f\n", name_count, (long long)atomic_load(&total_bytes), elapsed,
           seconds(after.ru_utime) - seconds(before.ru_utime),
           seconds(after.ru_stime) - seconds(before.ru_stime));
    fflush(stdout);
  }
  return 0;
}
