/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The least a client can do for an object: one request without signature on a connection that stays
 * open, the whole answer into one buffer as large as it. Prints requests, bytes, and seconds of wall,
 * user and system.
 *
 *   get_objects PORT NAMES THREADS REQUESTS
 */
#define _GNU_SOURCE
#include "objects.h"

#define FIRST_BYTES (1 << 20)

static char **names;
static long name_count;

struct buffer {
  char *bytes;
  long size;
};

static void grow(struct buffer *buffer, long size) {
  if (buffer->size < size) {
    buffer->bytes = realloc(buffer->bytes, size);
    buffer->size = size;
  }
}

static long get(int fd, const char *name, char *head, struct buffer *into) {
  int length = snprintf(head, HEAD_BYTES, "GET /%s HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", name);
  if (write(fd, head, length) != length) fail("write");
  long have = 0;
  char *end = NULL, *buffer = into->bytes;
  while (end == NULL) {
    ssize_t n = read(fd, buffer + have, FIRST_BYTES - have - 1);
    if (n <= 0) fail("head");
    have += n;
    buffer[have] = 0;
    end = strstr(buffer, "\r\n\r\n");
  }
  char *field = strcasestr(buffer, "\r\nContent-Length:");
  if (strncmp(buffer, "HTTP/1.1 200", 12) != 0 || field == NULL) {
    fprintf(stderr, "unexpected answer: %.200s\n", buffer);
    exit(1);
  }
  long start = end + 4 - buffer, all = start + strtol(field + 17, NULL, 10);
  grow(into, all);
  while (have < all) {
    ssize_t n = read(fd, into->bytes + have, all - have);
    if (n <= 0) fail("body");
    have += n;
  }
  return all - start;
}

static void *work(void *unused) {
  (void)unused;
  char *head = malloc(HEAD_BYTES);
  struct buffer buffer = {NULL, 0};
  grow(&buffer, FIRST_BYTES);
  int fd = connected();
  long number, bytes = 0;
  while ((number = atomic_fetch_add(&next_request, 1)) < requests)
    bytes += get(fd, names[number % name_count], head, &buffer);
  atomic_fetch_add(&total_bytes, bytes);
  close(fd);
  free(buffer.bytes);
  free(head);
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 5) {
    fprintf(stderr, "get_objects PORT NAMES THREADS REQUESTS\n");
    return 2;
  }
  port = atoi(argv[1]);
  FILE *list = fopen(argv[2], "r");
  if (list == NULL) fail(argv[2]);
  char line[4096];
  while (fgets(line, sizeof line, list) != NULL) {
    line[strcspn(line, "\n")] = 0;
    names = realloc(names, (name_count + 1) * sizeof *names);
    names[name_count++] = strdup(line);
  }
  requests = atol(argv[4]);
  measure(atoi(argv[3]), work);
  return 0;
}
