package dev.naru.bench.versus.cluster;

import dev.naru.bench.versus.process.Command;
import dev.naru.bench.versus.result.Contender;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** How one of the two is started and driven, and what its tools print. Starts nothing itself. */
public interface Platform {

  /** Which of the two. */
  Contender contender();

  /** What a reader of the report must know. */
  Map<String, String> settings();

  /** Writes the configuration of all nodes and returns what must run before they start. */
  List<Command> prepare(ClusterShape shape, Path home);

  /** Becomes a node; they are numbered from 1. */
  Command node(Path home, int id);

  /** Where a node keeps the logs of deleted topics for a while, if it does. */
  Optional<Path> deletedLogs(Path home, int id);

  /** First contacts of clients. */
  String servers(ClusterShape shape);

  /** Makes a topic. */
  Command createTopic(String servers, TopicSpec topic);

  /** Deletes a topic. */
  Command deleteTopic(String servers, String topic);

  /** Lists topics, with the flags its users have. */
  Command listTopics(String servers);

  /** What the programs of such commands consist of, but for the JDK. */
  List<Path> commandFiles();

  /** Describes a topic. */
  Command describeTopic(String servers, String topic);

  /** The leaders in such a description, in the order of partitions. */
  List<Integer> leaders(List<String> described);

  /** Describes the cluster. */
  Command describeCluster(String servers);

  /** The controller in such a description. */
  int controller(List<String> described);

  /** Sends records. */
  Command produce(String servers, ProduceLoad load);

  /** The line that sums such a run up. */
  Optional<Figures> produced(ProduceLoad load, String line);

  /** Reads records. */
  Command consume(String servers, ReadLoad load);

  /** The line that sums such a run up. */
  Optional<Figures> consumed(String line);

  /** Sends one record at a time and waits until it is read. */
  Command roundTrips(String servers, String topic, int records, int recordBytes);

  /** Finds in what such a run prints, line after line, how long they took; a new one each time. */
  Function<String, Optional<Figures>> roundTripReader();

  /** Sends records at a steady rate, and ends when all are acknowledged. */
  Command pacedSender(String servers, PacedLoad load);

  /**
   * Reads them in a group of its own: prints {@code ready} when it has all partitions, and at the
   * end how long records were on their way, for {@link Figures#read}.
   */
  Command pacedReader(String servers, PacedLoad load);

  /**
   * Runs the probe with this task.
   *
   * @param more what the task wants to know besides
   */
  Command probe(String task, String servers, int replicas, String... more);
}
