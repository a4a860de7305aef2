package dev.naru.broker.rpc;

import com.google.protobuf.ByteString;
import dev.naru.broker.loop.ReadPool;
import dev.naru.log.disk.StorageException;
import dev.naru.log.salvage.SetAside;
import dev.naru.log.salvage.SetAsideEntry;
import dev.naru.log.salvage.SetAsidePage;
import dev.naru.log.salvage.SetAsidePage.Piece;
import dev.naru.log.salvage.SetAsidePage.Place;
import dev.naru.proto.admin.v1.ListSalvageRequest;
import dev.naru.proto.admin.v1.ListSalvageResponse;
import dev.naru.proto.admin.v1.ReadSalvageRequest;
import dev.naru.proto.admin.v1.ReadSalvageResponse;
import dev.naru.proto.admin.v1.SalvageAdminServiceGrpc.SalvageAdminServiceImplBase;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.Semaphore;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Shows what this node has set aside. Reads only, and through a view of the disk that can do no
 * more.
 */
public final class SalvageAdminService extends SalvageAdminServiceImplBase {

  private static final int PAGE_BYTES_DEFAULT = 1 << 20;
  private static final int PAGE_BYTES_MAX = 4 << 20;

  /** A page may be as large as the largest batch: a person reads one, and perhaps another does. */
  private static final int READS_MAX = 2;

  private final NodeId self;
  private final Supplier<ClusterSnapshot> cluster;
  private final SortedMap<String, SetAside> directories;
  private final ReadPool reads;
  private final int batchBytesMax;
  private final Semaphore underWay = new Semaphore(READS_MAX);

  /**
   * Reads in these directories.
   *
   * @param directories by the word for each that names carry
   * @param batchBytesMax larger batches are told of, but not sent
   */
  public SalvageAdminService(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      Map<String, SetAside> directories,
      ReadPool reads,
      int batchBytesMax) {
    this.self = self;
    this.cluster = cluster;
    this.directories = new TreeMap<>(directories);
    this.reads = reads;
    this.batchBytesMax = batchBytesMax;
  }

  @Override
  public void listSalvage(
      ListSalvageRequest request, StreamObserver<ListSalvageResponse> response) {
    UnaryCalls.answer(response, () -> list(request));
  }

  private ListSalvageResponse list(ListSalvageRequest request) {
    var page =
        Paging.of(
            onReader(() -> all().toList()),
            request.getPageSize(),
            request.getPageToken(),
            Function.identity(),
            SalvageRef::parse);
    var codec = new SalvageCodec(self, cluster.get().image());
    return onReader(() -> {
      var response = ListSalvageResponse.newBuilder().setNextPageToken(page.nextToken());
      for (var ref : page.items()) {
        describe(ref).ifPresent(entry -> response.addEntries(codec.encode(ref, entry)));
      }
      return response.build();
    });
  }

  private Stream<SalvageRef> all() {
    return directories.entrySet().stream()
        .flatMap(each ->
            each.getValue().numbers().keySet().stream()
                .map(number -> new SalvageRef(each.getKey(), number)));
  }

  private Optional<SetAsideEntry> describe(SalvageRef ref) {
    return Optional.ofNullable(directories.get(ref.directory()))
        .flatMap(directory -> directory.describe(ref.number()));
  }

  @Override
  public void readSalvage(
      ReadSalvageRequest request, StreamObserver<ReadSalvageResponse> response) {
    UnaryCalls.answer(response, () -> read(request));
  }

  private ReadSalvageResponse read(ReadSalvageRequest request) {
    var ref =
        SalvageRef.ofName(request.getName(), self).orElseThrow(() -> unknown(request.getName()));
    var from = placeOf(request);
    int bytesMax = bytesMaxOf(request);
    var directory = Optional.ofNullable(directories.get(ref.directory()));
    return onReader(() ->
            directory
                .flatMap(each -> each.read(ref.number(), from, bytesMax, batchBytesMax))
                .map(SalvageAdminService::encode))
        .orElseThrow(() -> unknown(request.getName()));
  }

  private StatusRuntimeException unknown(String name) {
    return ErrorStatus.of(
        new Refused(
            ErrorCode.SALVAGE_NOT_FOUND,
            "Expected something that node %s has set aside, but there is no %s: it may have expired"
                .formatted(self, name)));
  }

  private static Optional<Place> placeOf(ReadSalvageRequest request) {
    if (request.getPageToken().isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(Place.parse(request.getPageToken()));
    } catch (IllegalArgumentException e) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected a page_token of an earlier answer, but was " + request.getPageToken()),
          "page_token");
    }
  }

  private static int bytesMaxOf(ReadSalvageRequest request) {
    if (request.getMaxBytes() < 0) {
      throw ErrorStatus.ofField(
          new Refused(
              ErrorCode.INVALID_REQUEST,
              "Expected max_bytes >= 0, but was " + request.getMaxBytes()),
          "max_bytes");
    }
    return request.getMaxBytes() == 0
        ? PAGE_BYTES_DEFAULT
        : Math.min(request.getMaxBytes(), PAGE_BYTES_MAX);
  }

  private static ReadSalvageResponse encode(SetAsidePage page) {
    var response = ReadSalvageResponse.newBuilder();
    var batches = ByteString.empty();
    for (var piece : page.pieces()) {
      response.addPieces(SalvageCodec.encode(piece));
      if (piece instanceof Piece.Batch(var _, var _, var bytes)) {
        batches = batches.concat(ByteString.copyFrom(bytes.asByteBuffer()));
      }
    }
    page.next().map(Place::toString).ifPresent(response::setNextPageToken);
    return response.setBatches(batches).build();
  }

  /** Reads on a thread that may wait for a disk; few at a time. */
  private <T> T onReader(Supplier<T> read) {
    if (!underWay.tryAcquire()) {
      throw tooMany("Expected at most " + READS_MAX + " such reads at a time");
    }
    try {
      var result =
          CompletableFuture.supplyAsync(
              () -> {
                try {
                  return read.get();
                } finally {
                  underWay.release(); // not when the caller gives up: the disk may hang
                }
              },
              reads);
      return Deadlines.await(result, SalvageAdminService::whyUnread);
    } catch (RejectedExecutionException e) {
      underWay.release();
      throw tooMany("Expected room in the queue of reads, but it is full");
    }
  }

  private static StatusRuntimeException tooMany(String reason) {
    return ErrorStatus.of(new Refused(ErrorCode.TOO_MANY_REQUESTS, reason));
  }

  private static Refused whyUnread(Throwable fault) {
    return fault instanceof StorageException failed
        ? new Refused(ErrorCode.STORAGE_FAILED, String.valueOf(failed.getMessage()))
        : new Refused(ErrorCode.INTERNAL, "Expected to read what was set aside, but: " + fault);
  }
}
