package dev.naru.log;

import dev.naru.log.disk.SpaceGate;
import dev.naru.log.producer.ProducerRoom;
import dev.naru.log.recovery.CompactionCheckpoint;
import dev.naru.log.recovery.DurablePoints;
import dev.naru.log.recovery.EpochCheckpoint;
import dev.naru.log.recovery.LostAndFound;
import dev.naru.log.recovery.ProducerFiles;
import dev.naru.log.segment.SegmentFiles;

/** What a log has of the data directory it lives in. */
public record LogHome(
    SegmentFiles files,
    EpochCheckpoint epochs,
    LostAndFound lostAndFound,
    DurablePoints durablePoints,
    SpaceGate space,
    DroppedSegments dropped,
    CompactionCheckpoint compaction,
    ProducerFiles producerFiles,
    CapturedProducers captures,
    ProducerRoom producerRoom) {}
