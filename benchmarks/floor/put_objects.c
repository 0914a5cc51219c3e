/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The least a client can do to store an object: one request without signature on a connection that
 * stays open, the content from one buffer. Prints requests, bytes, and seconds of wall, user and
 * system.
 *
 *   put_objects PORT BYTES THREADS REQUESTS
 */
#define _GNU_SOURCE
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
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define HEAD_BYTES 8192

static long requests, size;
static int port;
static atomic_long next_request;

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

static void put(int fd, long number, char *head, char *content) {
  int length = snprintf(head, HEAD_BYTES,
                        "PUT /bench/object-%ld HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        "Content-Length: %ld\r\n\r\n",
                        number, size);
  struct iovec parts[] = {{head, length}, {content, size}};
  ssize_t written = writev(fd, parts, 2);
  if (written < length) fail("write");
  for (long done = written - length; done < size; done += written)
    if ((written = write(fd, content + done, size - done)) <= 0) fail("write");
  long have = 0;
  do {
    ssize_t n = read(fd, head + have, HEAD_BYTES - have - 1);
    if (n <= 0) fail("answer");
    have += n;
    head[have] = 0;
  } while (strstr(head, "\r\n\r\n") == NULL);
  if (strncmp(head, "HTTP/1.1 20", 11) != 0) {
    fprintf(stderr, "unexpected answer: %.200s\n", head);
    exit(1);
  }
}

static void *work(void *unused) {
  (void)unused;
  char *head = malloc(HEAD_BYTES), *content = malloc(size);
  memset(content, 7, size);
  int fd = connected();
  long number;
  while ((number = atomic_fetch_add(&next_request, 1)) < requests) put(fd, number, head, content);
  close(fd);
  free(content);
  free(head);
  return NULL;
}

static double seconds(struct timeval t) { return t.tv_sec + t.tv_usec / 1e6; }

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "put_objects PORT BYTES THREADS REQUESTS\n");
    return 2;
  }
  port = atoi(argv[1]);
  size = atol(argv[2]);
  int threads = atoi(argv[3]);
  requests = atol(argv[4]);
  pthread_t *ids = calloc(threads, sizeof *ids);
  struct timespec before, after;
  clock_gettime(CLOCK_MONOTONIC, &before);
  for (int i = 0; i < threads; i++) pthread_create(&ids[i], NULL, work, NULL);
  for (int i = 0; i < threads; i++) pthread_join(ids[i], NULL);
  clock_gettime(CLOCK_MONOTONIC, &after);
  struct rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  printf("%ld %ld %.6f %.6f %.6f\n", requests, requests * size,
         after.tv_sec - before.tv_sec + (after.tv_nsec - before.tv_nsec) / 1e9,
         seconds(usage.ru_utime), seconds(usage.ru_stime));
  return 0;
}
