/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The least a client can do to store an object: one request without signature on a connection that
 * stays open, the content from one buffer, a large one from the same bytes again and again. Prints
 * requests, bytes, and seconds of wall, user and system.
 *
 *   put_objects PORT BYTES THREADS REQUESTS
 */
#define _GNU_SOURCE
#include "objects.h"

#include <sys/uio.h>

/* As much as ours sends in one part: the processor's cache holds as much of it for both. */
#define CONTENT_BYTES (8 << 20)

static long size;

static long min(long a, long b) { return a < b ? a : b; }

static void put(int fd, long number, char *head, char *content) {
  int length = snprintf(head, HEAD_BYTES,
                        "PUT /bench/object-%ld HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                        "Content-Length: %ld\r\n\r\n",
                        number, size);
  struct iovec parts[] = {{head, length}, {content, min(size, CONTENT_BYTES)}};
  ssize_t written = writev(fd, parts, 2);
  if (written < length) fail("write");
  for (long done = written - length; done < size; done += written) {
    long start = done % CONTENT_BYTES;
    written = write(fd, content + start, min(size - done, CONTENT_BYTES - start));
    if (written <= 0) fail("write");
  }
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
  char *head = malloc(HEAD_BYTES), *content = malloc(CONTENT_BYTES);
  memset(content, 7, CONTENT_BYTES);
  int fd = connected();
  long number;
  while ((number = atomic_fetch_add(&next_request, 1)) < requests) {
    put(fd, number, head, content);
    atomic_fetch_add(&total_bytes, size);
  }
  close(fd);
  free(content);
  free(head);
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "put_objects PORT BYTES THREADS REQUESTS\n");
    return 2;
  }
  port = atoi(argv[1]);
  size = atol(argv[2]);
  requests = atol(argv[4]);
  measure(atoi(argv[3]), work);
  return 0;
}
