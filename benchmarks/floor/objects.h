/* SPDX-License-Identifier: Apache-2.0 */
/* What a client of objects needs: connections that stay open, threads that share requests, a clock. */
#ifndef OBJECTS_H
#define OBJECTS_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEAD_BYTES 8192

static long requests;
static int port;
static atomic_long next_request, total_bytes;

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static int connected(void) {
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons(port)};
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int on = 1, fd = socket(AF_INET, SOCK_STREAM, 0);
  if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0) fail("connect");
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  return fd;
}

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }

/* Runs the threads to their end; prints requests, bytes, and seconds of wall, user and system. */
static void measure(int threads, void *(*work)(void *)) {
  pthread_t *ids = calloc(threads, sizeof *ids);
  struct timespec before, after;
  clock_gettime(CLOCK_MONOTONIC, &before);
  for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, work, NULL);
  for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
  clock_gettime(CLOCK_MONOTONIC, &after);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("%ld %ld %.6f %.6f %.6f\n", requests, (long)total_bytes,
         after.tv_sec - before.tv_sec + (after.tv_nsec - before.tv_nsec) / 1e9,
         seconds(usage.ru_utime), seconds(usage.ru_stime));
  free(ids);
}

#endif
