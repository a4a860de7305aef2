package dev.naru.bench.versus;

/** How long the cluster of this session took from its start until it acknowledged a record. */
record StartCase(String name) implements Case {

  @Override
  public String description() {
    return "start of the nodes until a client that waits has its first acknowledgement";
  }

  @Override
  public boolean wantsWarmNodes() {
    return false;
  }

  @Override
  public Measured run(Stage stage) {
    return stage.start();
  }
}
