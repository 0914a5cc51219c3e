/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job.hosts;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What {@code bin/ranks.sh} found out about the processes of the launcher.
 *
 * @param total number of ranks of the run
 * @param here number of ranks of this host
 * @param job name the launcher gave the run; not used again by another run
 * @param folder where the hosts find each other; must be the same on all of them
 */
public record Ranks(int total, int here, String job, Path folder) {

  /** The ranks this process stands for; one if no launcher started it. */
  public static Ranks ofThisProcess() {
    int total = Integer.getInteger("dlio-flink.ranks", 1);
    String folder = System.getenv().getOrDefault("DLIO_FLINK_RENDEZVOUS", ".");
    return new Ranks(
        total,
        Integer.getInteger("dlio-flink.local-ranks", total),
        System.getProperty("dlio-flink.job", ""),
        Path.of(folder).toAbsolutePath().normalize());
  }

  /** Whether there are ranks on other hosts. */
  public boolean severalHosts() {
    return here < total;
  }

  /** Whether processes of one host pretend to be several, as in tests. */
  static boolean hostsAreSimulated() {
    return System.getenv("DLIO_FLINK_SIMULATED_HOST") != null;
  }

  /** Where the leader writes how to reach it. */
  Path invitation() {
    return folder.resolve(".dlio-flink-" + job.replaceAll("[^A-Za-z0-9._-]", "_"));
  }

  /**
   * Ends this process if the shell that started it is killed, so that no process outlives the
   * launcher.
   */
  public static void endWithLauncher() {
    Optional<ProcessHandle> shell =
        System.getProperty("dlio-flink.ranks") == null
            ? Optional.empty()
            : ProcessHandle.current().parent();
    if (shell.isPresent()) {
      Thread watch =
          new Thread(
              () -> {
                shell.get().onExit().join();
                System.exit(1);
              },
              "launcher-watch");
      watch.setDaemon(true);
      watch.start();
    }
  }
}
