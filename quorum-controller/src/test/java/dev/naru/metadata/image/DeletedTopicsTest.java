package dev.naru.metadata.image;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.types.TopicId;
import org.junit.jupiter.api.Test;

class DeletedTopicsTest {

  @Test
  void forgetsTheOldestDeletionWhenThereAreTooMany() {
    var deleted = DeletedTopics.NONE;

    for (int i = 1; i <= DeletedTopics.REMEMBERED_MAX + 1; i++) {
      deleted = deleted.with(TopicId.of(-i, 1), i);
    }

    assertThat(deleted.byId()).hasSize(DeletedTopics.REMEMBERED_MAX);
    assertThat(deleted.contains(TopicId.of(-1, 1))).isFalse();
    assertThat(deleted.contains(TopicId.of(-2, 1))).isTrue();
  }
}
