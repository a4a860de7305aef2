package dev.naru.bench.versus;

/** One record at a time, from the producer to the consumer. Both are cold, the nodes are not. */
record RoundTripCase(String name, int records) implements Case {

  private static final int RECORD_BYTES = 100;

  @Override
  public String description() {
    return "%,d records of 100 B, one at a time, from send to read".formatted(records);
  }

  @Override
  public Measured run(Stage stage) {
    int nodes = stage.cluster().shape().nodes();
    var topic = stage.newTopic(name, 1, nodes);
    run(stage, topic, (int) stage.times().scaled(records / 10)); // warms the nodes
    var run = run(stage, topic, (int) stage.times().scaled(records));
    stage.deleteTopic(topic);
    return new Measured(run.figures().latencies(), run.usage());
  }

  private Stage.Run run(Stage stage, String topic, int count) {
    var platform = stage.platform();
    return stage.run(
        name,
        platform.roundTrips(stage.servers(), topic, count, RECORD_BYTES),
        platform.roundTripReader());
  }
}
