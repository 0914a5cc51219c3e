/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.job;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The ZooKeeper that Flink brings along, as a process on loopback. */
final class ZooKeeperServer implements AutoCloseable {
  private final int port;
  private final Process process;

  private ZooKeeperServer(int port, Process process) {
    this.port = port;
    this.process = process;
  }

  static ZooKeeperServer start(Path folder) throws IOException {
    int port = StandaloneCluster.freePort();
    Path settings = Files.createDirectories(folder).resolve("zoo.cfg");
    Files.write(
        settings,
        List.of(
            "tickTime=2000",
            "initLimit=10",
            "syncLimit=5",
            "clientPort=" + port,
            "clientPortAddress=127.0.0.1",
            "dataDir=" + folder.resolve("data"),
            "admin.enableServer=false",
            "server.1=127.0.0.1:%d:%d"
                .formatted(StandaloneCluster.freePort(), StandaloneCluster.freePort())));
    ProcessBuilder server =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            StandaloneCluster.flinkJars(),
            "org.apache.flink.runtime.zookeeper.FlinkZooKeeperQuorumPeer",
            "--zkConfigFile",
            settings.toString(),
            "--peerId",
            "1");
    server.redirectErrorStream(true).redirectOutput(folder.resolve("zookeeper.log").toFile());
    return new ZooKeeperServer(port, server.start());
  }

  /**
   * Lines of Flink's configuration for high availability with this server.
   *
   * @param storage URI of the folder where Flink keeps what belongs to the runs
   */
  List<String> highAvailability(String storage) {
    return List.of(
        "high-availability.type: zookeeper",
        "high-availability.zookeeper.quorum: 127.0.0.1:" + port,
        "high-availability.zookeeper.client.session-timeout: 6000",
        "high-availability.storageDir: " + storage);
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
