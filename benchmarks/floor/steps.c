/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The floor for steps: N threads sleep, meet at a pthread barrier, and again. What the kernel's
 * timers and scheduler, and the neighbours, take of a step on this machine. Prints: mean time of a
 * step in seconds, mean share of it in percent that a thread spent in its sleep.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static pthread_barrier_t barrier;
static long steps;
static long compute_nanos;

static long now(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec * 1000000000L + t.tv_nsec;
}

static void *work(void *argument) {
  double *result = argument;
  pthread_barrier_wait(&barrier);
  long start = now();
  long computed = 0;
  for (long i = 0; i < steps; i++) {
    long from = now();
    if (compute_nanos > 0) {
      struct timespec time = {compute_nanos / 1000000000L, compute_nanos % 1000000000L};
      clock_nanosleep(CLOCK_MONOTONIC, 0, &time, NULL);
      computed += now() - from;
    }
    pthread_barrier_wait(&barrier);
  }
  double total = now() - start;
  result[0] = total / steps / 1e9;
  result[1] = 100 * computed / total;
  return NULL;
}

int main(int argc, char **argv) {
  if (argc != 4) {
    fprintf(stderr, "usage: steps THREADS STEPS COMPUTE_NANOSECONDS\n");
    return 2;
  }
  int threads = atoi(argv[1]);
  steps = atol(argv[2]);
  compute_nanos = atol(argv[3]);
  if (threads < 1 || steps < 1) {
    fprintf(stderr, "steps: nothing to do\n");
    return 2;
  }
  pthread_t ids[threads];
  double results[threads][2];
  pthread_barrier_init(&barrier, NULL, threads);
  for (int i = 0; i < threads; i++) {
    if (pthread_create(&ids[i], NULL, work, results[i])) {
      fprintf(stderr, "steps: cannot start a thread\n");
      return 1;
    }
  }
  double step = 0;
  double share = 0;
  for (int i = 0; i < threads; i++) {
    pthread_join(ids[i], NULL);
    step += results[i][0] / threads;
    share += results[i][1] / threads;
  }
  printf("%.9f %.4f\n", step, share);
  return 0;
}
