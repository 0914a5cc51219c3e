/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A store that keeps nothing: answers the uploads of S3, whole and in parts, and discards what it
 * is sent without copying it, so that it is not what an upload waits for. Checks no signature.
 * Prints its port and serves until its standard input ends.
 *
 *   sink_objects
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#define HEAD_BYTES 16384
#define DISCARD_BYTES (1 << 20)

static void fail(const char *what) {
  perror(what);
  exit(1);
}

static void answer(int fd, const char *xml) {
  char text[1024];
  int length = snprintf(text, sizeof text,
                        "HTTP/1.1 200 OK\r\nETag: \"0\"\r\nContent-Type: application/xml\r\n"
                        "Content-Length: %zu\r\n\r\n%s",
                        strlen(xml), xml);
  if (write(fd, text, length) != length) fail("answer");
}

static void *serve(void *argument) {
  int fd = (int)(intptr_t)argument, on = 1;
  char *head = malloc(HEAD_BYTES + 1);
  long have = 0;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  while (1) {
    char *end = NULL;
    head[have] = 0;
    while ((end = strstr(head, "\r\n\r\n")) == NULL) {
      ssize_t n = have == HEAD_BYTES ? 0 : read(fd, head + have, HEAD_BYTES - have);
      if (n <= 0) goto closed;
      have += n;
      head[have] = 0;
    }
    long head_bytes = end + 4 - head;
    char kept = *end;
    *end = 0;
    char *length = strcasestr(head, "\r\ncontent-length:");
    long left = length == NULL ? 0 : strtol(length + 17, NULL, 10);
    int begins = strncmp(head, "POST", 4) == 0 && strstr(head, "uploads") != NULL;
    int completes = strncmp(head, "POST", 4) == 0 && !begins;
    if (strcasestr(head, "\r\nexpect:") != NULL && have == head_bytes) {
      const char go[] = "HTTP/1.1 100 Continue\r\n\r\n";
      if (write(fd, go, sizeof go - 1) < 0) goto closed;
    }
    *end = kept;
    long here = have - head_bytes < left ? have - head_bytes : left;
    left -= here;
    have -= head_bytes + here;
    memmove(head, head + head_bytes + here, have);
    while (left > 0) {
      ssize_t n = recv(fd, NULL, left < DISCARD_BYTES ? left : DISCARD_BYTES, MSG_TRUNC);
      if (n <= 0) goto closed;
      left -= n;
    }
    answer(fd, begins ? "<InitiateMultipartUploadResult><Bucket>bench</Bucket><Key>k</Key>"
                        "<UploadId>u</UploadId></InitiateMultipartUploadResult>"
              : completes ? "<CompleteMultipartUploadResult><Bucket>bench</Bucket><Key>k</Key>"
                            "<ETag>\"0\"</ETag></CompleteMultipartUploadResult>"
                          : "");
  }
closed:
  close(fd);
  free(head);
  return NULL;
}

static void *await_end(void *unused) {
  (void)unused;
  char byte;
  while (read(0, &byte, 1) > 0) {
  }
  exit(0);
}

int main(void) {
  struct sockaddr_in address = {.sin_family = AF_INET};
  socklen_t size = sizeof address;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int listener = socket(AF_INET, SOCK_STREAM, 0);
  if (bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 128) < 0 ||
      getsockname(listener, (struct sockaddr *)&address, &size) < 0)
    fail("listen");
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  pthread_t thread;
  pthread_create(&thread, NULL, await_end, NULL);
  while (1) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) fail("accept");
    pthread_create(&thread, NULL, serve, (void *)(intptr_t)fd);
    pthread_detach(thread);
  }
}
