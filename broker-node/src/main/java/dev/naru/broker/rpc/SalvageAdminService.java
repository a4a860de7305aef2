package dev.naru.broker.rpc;

import com.google.protobuf.ByteString;
import dev.naru.broker.rpc.SalvageReader.Outcome;
import dev.naru.log.salvage.SetAside;
import dev.naru.log.salvage.SetAsidePage;
import dev.naru.log.salvage.SetAsidePage.Piece;
import dev.naru.log.salvage.SetAsidePage.Place;
import dev.naru.proto.admin.v1.ListSalvageRequest;
import dev.naru.proto.admin.v1.ListSalvageResponse;
import dev.naru.proto.admin.v1.ReadSalvageRequest;
import dev.naru.proto.admin.v1.ReadSalvageResponse;
import dev.naru.proto.admin.v1.SalvageAdminServiceGrpc.SalvageAdminServiceImplBase;
import dev.naru.proto.admin.v1.UnreadableDirectory;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/**
 * Shows what this node has set aside. Reads only, and through a view of the disk that can do no
 * more. A directory that cannot be read hides nothing of the others: it is named.
 */
public final class SalvageAdminService extends SalvageAdminServiceImplBase {

  private static final int PAGE_BYTES_DEFAULT = 1 << 20;
  private static final int PAGE_BYTES_MAX = 4 << 20;

  /**
   * Answers with batches that are in memory at a time. Each may be as large as the largest batch
   * and a page; a person reads one, and perhaps another does.
   */
  private static final int ANSWERS_MAX = 4;

  private final NodeId self;
  private final Supplier<ClusterSnapshot> cluster;
  private final NavigableMap<String, SalvageReader> directories = new TreeMap<>();
  private final SortedMap<String, Refused> unusable;
  private final int batchBytesMax;
  private final Semaphore answers = new Semaphore(ANSWERS_MAX);

  /**
   * Reads in these directories.
   *
   * @param unusable directories that are not among them, by location, and why
   * @param reads has two threads for each directory at least
   * @param batchBytesMax larger batches are told of, but not sent
   */
  public SalvageAdminService(
      NodeId self,
      Supplier<ClusterSnapshot> cluster,
      List<SalvageDirectory> directories,
      SortedMap<String, Refused> unusable,
      Executor reads,
      int batchBytesMax,
      LongSupplier nanoTime) {
    this.self = self;
    this.cluster = cluster;
    directories.forEach(
        each -> this.directories.put(each.word(), new SalvageReader(each, reads, nanoTime)));
    this.unusable = Collections.unmodifiableSortedMap(new TreeMap<>(unusable));
    this.batchBytesMax = batchBytesMax;
  }

  @Override
  public void listSalvage(
      ListSalvageRequest request, StreamObserver<ListSalvageResponse> response) {
    UnaryCalls.answer(response, () -> list(request));
  }

  private ListSalvageResponse list(ListSalvageRequest request) {
    int limit = Paging.limit(request.getPageSize());
    var last = Paging.last(request.getPageToken(), SalvageRef::parse);
    var response = ListSalvageResponse.newBuilder();
    if (last.isEmpty()) {
      unusable.forEach((location, why) -> addUnreadable(location, why, response));
    }
    var codec = new SalvageCodec(self, cluster.get().image());
    var rest =
        new ArrayDeque<>(
            directories.tailMap(last.map(SalvageRef::directory).orElse(""), true).entrySet());
    var more = Optional.<SalvageRef>empty();
    while (more.isEmpty() && !rest.isEmpty()) {
      // Each has its share of the time: one that hangs leaves enough for those behind it.
      long share = Deadlines.leftMillis() / (rest.size() + 1);
      var next = rest.removeFirst();
      String word = next.getKey();
      int room = limit - response.getEntriesCount();
      switch (next.getValue().read(share, listing(after(last, word), room))) {
        case Outcome.Read<SetAside.Listing>(var listing) -> {
          for (var entry : listing.entries()) {
            response.addEntries(codec.encode(new SalvageRef(word, entry.number()), entry));
          }
          boolean isFull = response.getEntriesCount() == limit && !rest.isEmpty();
          more = whereToGoOn(word, listing, isFull);
        }
        case Outcome.Failed<SetAside.Listing>(var why) -> {
          if (why.code() == ErrorCode.TOO_MANY_REQUESTS) {
            throw ErrorStatus.of(why); // a moment later it can be had whole
          }
          addUnreadable(next.getValue().location(), why, response);
        }
      }
    }
    return response.setNextPageToken(more.map(Paging::token).orElse("")).build();
  }

  /** With what this directory has left, or if the page is full with the directory behind it. */
  private static Optional<SalvageRef> whereToGoOn(
      String word, SetAside.Listing listing, boolean isFull) {
    if (listing.next().isPresent()) {
      return Optional.of(new SalvageRef(word, listing.next().getAsLong()));
    }
    return isFull && !listing.entries().isEmpty()
        ? Optional.of(new SalvageRef(word, listing.entries().getLast().number()))
        : Optional.empty();
  }

  private static BiFunction<SetAside, BooleanSupplier, SetAside.Listing> listing(
      OptionalLong after, int most) {
    return (content, isWanted) -> content.list(after, most, isWanted);
  }

  private static OptionalLong after(Optional<SalvageRef> last, String word) {
    return last.filter(ref -> ref.directory().equals(word)).stream()
        .mapToLong(SalvageRef::number)
        .findFirst();
  }

  private static void addUnreadable(
      String location, Refused why, ListSalvageResponse.Builder response) {
    response.addUnreadableDirectories(
        UnreadableDirectory.newBuilder().setLocation(location).setReason(why.reason()));
  }

  @Override
  public void readSalvage(
      ReadSalvageRequest request, StreamObserver<ReadSalvageResponse> response) {
    var permit = AnswerPermit.of(response, answers, ANSWERS_MAX);
    UnaryCalls.answer(response, () -> read(request, permit));
  }

  private ReadSalvageResponse read(ReadSalvageRequest request, AnswerPermit permit) {
    var ref =
        SalvageRef.ofName(request.getName(), self).orElseThrow(() -> unknown(request.getName()));
    var from = placeOf(request);
    int bytesMax = bytesMaxOf(request);
    var directory = Optional.ofNullable(directories.get(ref.directory()));
    permit
        .take()
        .ifPresent(why -> {
          throw ErrorStatus.of(why);
        });
    return directory
        .flatMap(reader -> read(reader, ref, from, bytesMax))
        .map(SalvageAdminService::encode)
        .orElseThrow(() -> unknown(request.getName()));
  }

  private Optional<SetAsidePage> read(
      SalvageReader reader, SalvageRef ref, Optional<Place> from, int bytesMax) {
    var outcome =
        reader.read(
            Deadlines.leftMillis(),
            (content, _) -> content.read(ref.number(), from, bytesMax, batchBytesMax));
    return switch (outcome) {
      case Outcome.Read<Optional<SetAsidePage>>(var page) -> page;
      case Outcome.Failed<Optional<SetAsidePage>>(var why) -> throw ErrorStatus.of(why);
    };
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
}
