package dev.naru.testing.cluster;

/** In memory. */
class MockConsumerContractTest extends ConsumerContract {

  @Override
  Clients open(SeenRecords interceptor) {
    return Clients.inMemory(interceptor);
  }
}
