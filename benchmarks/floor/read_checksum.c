/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor for reading samples: one thread takes stretch after stretch from a list; for each: open
 * the file, read in chunks, CRC-32C of every byte, close. No format is understood. A line of the
 * list: offset, length (-1: to the end), path. Prints one line per repetition: stretches bytes
 * wall_seconds cpu_seconds checksum.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>
#if defined(__x86_64__)
#include <nmmintrin.h>
#elif defined(__ARM_FEATURE_CRC32)
#include <arm_acle.h>
#endif

#define PAGE_BYTES 4096
#define POLYNOMIAL 0x82f63b78u
/* The instruction has a latency of three cycles and starts every cycle: three stretches at once. */
#define LANE_BYTES 4096

struct stretch {
  off_t offset;
  long long length;
  char *path;
};

static struct stretch *stretches;
static long stretch_count;
static uint32_t slices[8][256];
static uint32_t behind_lane[4][256];
static int has_instruction;

static void fail(const char *what, const char *name) {
  fprintf(stderr, "read_checksum: %s %s: %s\n", what, name, strerror(errno));
  exit(1);
}

static uint64_t word(const unsigned char *at) {
  uint64_t value;
  memcpy(&value, at, sizeof value);
  return value;
}

/* Eight bytes at a time by tables; needs a little-endian machine, as the instructions do. */
static uint32_t by_tables(uint32_t crc, const unsigned char *at, size_t length) {
  for (; length >= 8; at += 8, length -= 8) {
    uint64_t x = word(at) ^ crc;
    crc = 0;
    for (int i = 0; i < 8; i++) crc ^= slices[7 - i][(x >> (8 * i)) & 255];
  }
  for (; length > 0; at++, length--) crc = slices[0][(crc ^ *at) & 255] ^ (crc >> 8);
  return crc;
}

#if defined(__x86_64__)
#define STEP(crc, value) ((uint32_t)_mm_crc32_u64(crc, value))
#define STEP_BYTE(crc, value) _mm_crc32_u8(crc, value)
#define TARGET __attribute__((target("sse4.2")))
#elif defined(__ARM_FEATURE_CRC32)
#define STEP(crc, value) __crc32cd(crc, value)
#define STEP_BYTE(crc, value) __crc32cb(crc, value)
#define TARGET
#endif

#ifdef STEP
/* The state after LANE_BYTES zeros. */
static uint32_t moved(uint32_t crc) {
  return behind_lane[0][crc & 255] ^ behind_lane[1][(crc >> 8) & 255] ^
         behind_lane[2][(crc >> 16) & 255] ^ behind_lane[3][crc >> 24];
}

TARGET static uint32_t by_instruction(uint32_t crc, const unsigned char *at, size_t length) {
  for (; length >= 3 * LANE_BYTES; at += 3 * LANE_BYTES, length -= 3 * LANE_BYTES) {
    uint32_t second = 0;
    uint32_t third = 0;
    for (size_t i = 0; i < LANE_BYTES; i += 8) {
      crc = STEP(crc, word(at + i));
      second = STEP(second, word(at + LANE_BYTES + i));
      third = STEP(third, word(at + 2 * LANE_BYTES + i));
    }
    crc = moved(moved(crc) ^ second) ^ third;
  }
  for (; length >= 8; at += 8, length -= 8) crc = STEP(crc, word(at));
  for (; length > 0; at++, length--) crc = STEP_BYTE(crc, *at);
  return crc;
}
#endif

static uint32_t checksum(uint32_t crc, const unsigned char *at, size_t length) {
#ifdef STEP
  if (has_instruction) return by_instruction(crc, at, length);
#endif
  return by_tables(crc, at, length);
}

static void make_tables(void) {
  for (uint32_t i = 0; i < 256; i++) {
    uint32_t crc = i;
    for (int bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ (crc & 1 ? POLYNOMIAL : 0);
    slices[0][i] = crc;
  }
  for (int s = 1; s < 8; s++) {
    for (int i = 0; i < 256; i++) {
      slices[s][i] = slices[0][slices[s - 1][i] & 255] ^ (slices[s - 1][i] >> 8);
    }
  }
  static const unsigned char zeros[LANE_BYTES];
  for (int b = 0; b < 4; b++) {
    for (uint32_t i = 0; i < 256; i++) behind_lane[b][i] = by_tables(i << (8 * b), zeros, LANE_BYTES);
  }
#if defined(__x86_64__)
  has_instruction = __builtin_cpu_supports("sse4.2");
#elif defined(__ARM_FEATURE_CRC32)
  has_instruction = 1;
#endif
  /* Tables and instruction must agree. */
  unsigned char sample[3 * LANE_BYTES + 13];
  for (size_t i = 0; i < sizeof sample; i++) sample[i] = (unsigned char)(i * i + 7);
  if (~by_tables(~0u, (const unsigned char *)"123456789", 9) != 0xe3069283u ||
      checksum(~0u, sample, sizeof sample) != by_tables(~0u, sample, sizeof sample)) {
    fprintf(stderr, "read_checksum: the checksum is wrong\n");
    exit(1);
  }
}

static void load_stretches(const char *list) {
  FILE *in = fopen(list, "r");
  if (!in) fail("cannot open", list);
  char *line = NULL;
  size_t room = 0;
  long space = 0;
  for (ssize_t length; (length = getline(&line, &room, in)) > 0;) {
    if (line[length - 1] == '\n') line[length - 1] = 0;
    if (stretch_count == space) {
      space = space ? 2 * space : 1024;
      stretches = realloc(stretches, space * sizeof *stretches);
      if (!stretches) fail("no memory for", list);
    }
    struct stretch *next = &stretches[stretch_count++];
    long long offset;
    int path = 0;
    if (sscanf(line, "%lld %lld %n", &offset, &next->length, &path) != 2 || !path) {
      fprintf(stderr, "read_checksum: '%s' is no offset, length and path\n", line);
      exit(2);
    }
    next->offset = offset;
    next->path = strdup(line + path);
  }
  free(line);
  fclose(in);
}

static long long read_stretch(const struct stretch *one, unsigned char *buffer, size_t chunk_bytes,
                              uint32_t *sum) {
  int file = open(one->path, O_RDONLY | O_CLOEXEC);
  if (file < 0) fail("cannot open", one->path);
  uint32_t crc = ~0u;
  long long done = 0;
  while (one->length < 0 || done < one->length) {
    size_t wanted = chunk_bytes;
    if (one->length >= 0 && one->length - done < (long long)wanted) wanted = one->length - done;
    ssize_t got = pread(file, buffer, wanted, one->offset + done);
    if (got < 0) fail("cannot read", one->path);
    crc = checksum(crc, buffer, got);
    done += got;
    /* A regular file is read short only at its end: no further request to learn it. */
    if ((size_t)got < wanted) break;
  }
  close(file);
  *sum += ~crc;
  return done;
}

static double now(clockid_t clock) {
  struct timespec time;
  clock_gettime(clock, &time);
  return time.tv_sec + time.tv_nsec / 1e9;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: read_checksum LIST CHUNK_BYTES REPETITIONS\n");
    return 2;
  }
  make_tables();
  load_stretches(argv[1]);
  size_t chunk_bytes = strtoull(argv[2], NULL, 10);
  int repetitions = atoi(argv[3]);
  if (stretch_count == 0 || chunk_bytes < 1 || repetitions < 1) {
    fprintf(stderr, "read_checksum: nothing to do\n");
    return 2;
  }
  void *buffer;
  if (posix_memalign(&buffer, PAGE_BYTES, chunk_bytes)) fail("no memory for", "the buffer");
  memset(buffer, 0, chunk_bytes);
  for (int r = 0; r < repetitions; r++) {
    uint32_t sum = 0;
    long long bytes = 0;
    double cpu = now(CLOCK_THREAD_CPUTIME_ID);
    double start = now(CLOCK_MONOTONIC);
    for (long i = 0; i < stretch_count; i++) {
      bytes += read_stretch(&stretches[i], buffer, chunk_bytes, &sum);
    }
    double wall = now(CLOCK_MONOTONIC) - start;
    printf("%ld %lld %.9f %.9f %08x\n", stretch_count, bytes, wall,
           now(CLOCK_THREAD_CPUTIME_ID) - cpu, sum);
    fflush(stdout);
  }
  return 0;
}
