package dev.naru.testing.cluster;

/** In memory. */
class MockProducerContractTest extends ProducerContract {

  @Override
  Clients open(SeenRecords interceptor) {
    return Clients.inMemory(interceptor);
  }
}
