/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor for writing where fio is missing: T threads write one file each, front to back, in
 * chunks of fresh pseudo-random bytes, buffered and without fsync. Prints: bytes wall_seconds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char *folder;
static long long bytes_per_thread;
static size_t chunk_bytes;

static void fail(const char *what, const char *name) {
  fprintf(stderr, "write_files: %s %s: %s\n", what, name, strerror(errno));
  exit(1);
}

static void *work(void *argument) {
  uint64_t state = (uintptr_t)argument * 0x9e3779b97f4a7c15u + 1;
  char name[4096];
  snprintf(name, sizeof name, "%s/floor.%ld", folder, (long)(uintptr_t)argument);
  uint64_t *buffer = malloc(chunk_bytes);
  int file = open(name, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
  if (file < 0 || !buffer) fail("cannot create", name);
  for (long long done = 0; done < bytes_per_thread;) {
    for (size_t i = 0; i < chunk_bytes / 8; i++) {
      state ^= state << 13;
      state ^= state >> 7;
      state ^= state << 17;
      buffer[i] = state;
    }
    long long left = bytes_per_thread - done;
    ssize_t put = write(file, buffer, left < (long long)chunk_bytes ? (size_t)left : chunk_bytes);
    if (put < 0) fail("cannot write", name);
    done += put;
  }
  close(file);
  free(buffer);
  return NULL;
}

static double wall(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return now.tv_sec + now.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "usage: write_files FOLDER THREADS BYTES_PER_THREAD CHUNK_BYTES\n");
    return 2;
  }
  folder = argv[1];
  long threads = atol(argv[2]);
  bytes_per_thread = atoll(argv[3]);
  chunk_bytes = strtoull(argv[4], NULL, 10) & ~(size_t)7;
  if (threads < 1 || bytes_per_thread < 1 || chunk_bytes < 8) {
    fprintf(stderr, "write_files: nothing to do\n");
    return 2;
  }
  pthread_t ids[threads];
  double start = wall();
  for (long i = 0; i < threads; i++) {
    if (pthread_create(&ids[i], NULL, work, (void *)(uintptr_t)i)) fail("cannot start", "thread");
  }
  for (long i = 0; i < threads; i++) pthread_join(ids[i], NULL);
  printf("%lld %.6f\n", bytes_per_thread * threads, wall() - start);
  return 0;
}
