package dev.naru.broker.rpc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.naru.broker.loop.ReadPool;
import dev.naru.log.LogFixture;
import dev.naru.log.disk.CrashableDisk;
import dev.naru.log.disk.FaultyDisk;
import dev.naru.log.disk.FaultyDisk.Operation;
import dev.naru.log.salvage.SetAside;
import dev.naru.metadata.image.ClusterImage;
import dev.naru.metadata.log.QuorumView;
import dev.naru.proto.admin.v1.ListSalvageRequest;
import dev.naru.proto.admin.v1.ListSalvageResponse;
import dev.naru.proto.admin.v1.ReadSalvageRequest;
import dev.naru.proto.admin.v1.ReadSalvageResponse;
import dev.naru.proto.admin.v1.SalvageEntry;
import dev.naru.proto.admin.v1.SalvagePiece;
import dev.naru.types.ErrorCode;
import dev.naru.types.NodeId;
import dev.naru.types.Refused;
import io.grpc.Context;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Two directories, each with three tails that were cut off. */
class SalvageAdminServiceTest {

  private static final NodeId SELF = new NodeId(1);
  private static final int BATCH_MAX = 1 << 20;
  private static final QuorumView NOBODY =
      new QuorumView(QuorumView.Role.LISTENER, 0, Optional.empty(), List.of(), List.of(), 0);

  private static final ListSalvageRequest LIST_ALL = ListSalvageRequest.getDefaultInstance();

  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor();
  private final ReadPool pool = ReadPool.start(2, Thread.ofPlatform().daemon().factory());
  private final CrashableDisk firstPlatter = withTails();
  private final FaultyDisk first = new FaultyDisk(firstPlatter);
  private final FaultyDisk second = new FaultyDisk(withTails());
  private final TreeMap<String, Refused> unusable = new TreeMap<>();
  private SalvageAdminService service = service();

  @AfterEach
  void close() {
    pool.close();
    clock.shutdownNow();
  }

  @Test
  void listsPageByPageOverAllDirectories() {
    for (int size = 1; size <= 7; size++) {
      var names = new ArrayList<String>();
      String token = "";
      do {
        var page = list(size, token);
        assertThat(page.getEntriesCount()).isLessThanOrEqualTo(size);
        page.getEntriesList().stream().map(SalvageEntry::getName).forEach(names::add);
        token = page.getNextPageToken();
      } while (!token.isEmpty());
      assertThat(names)
          .as("pages of %d", size)
          .containsExactly(
              "nodes/1/salvage/00000001-1",
              "nodes/1/salvage/00000001-2",
              "nodes/1/salvage/00000001-3",
              "nodes/1/salvage/00000002-1",
              "nodes/1/salvage/00000002-2",
              "nodes/1/salvage/00000002-3");
    }
  }

  @Test
  void saysWhatIsKnownOfAnEntryAlsoIfItsTopicIsGone() {
    var entry = list(1, "").getEntries(0);

    assertThat(entry.getReason()).isEqualTo(SalvageEntry.Reason.REASON_CUT_TAIL);
    assertThat(entry.getWhy()).isEqualTo("test");
    assertThat(entry.getFromOffset()).isEqualTo(4);
    assertThat(entry.getToOffset()).isEqualTo(12);
    assertThat(entry.getTopic()).isEmpty();
    assertThat(entry.hasTopicId()).isTrue();
    assertThat(entry.getBytes()).isPositive();
    assertThat(entry.getFiles()).isEqualTo(1);
    assertThat(entry.getUnreadable()).isEmpty();
  }

  @Test
  void cutsATextThatIsTooLongForAPage() {
    try (var store = LogFixture.open(firstPlatter)) {
      var log = store.create(LogFixture.partition(7), LogFixture.SMALL);
      LogFixture.append(log, 4, 1);
      LogFixture.append(log, 4, 1);
      log.truncateTo(4, "x".repeat(1_001));
    }

    assertThat(list(7, "").getEntries(3).getWhy()).isEqualTo("x".repeat(1_000) + "…");
  }

  @Test
  void tellsOfAManifestThatCannotBeRead() {
    firstPlatter.replace(
        "lost+found/00000001-" + LogFixture.partition(0) + "/manifest", new byte[] {1});

    var entry = list(1, "").getEntries(0);

    assertThat(entry.getReason()).isEqualTo(SalvageEntry.Reason.REASON_UNKNOWN);
    assertThat(entry.getUnreadable()).startsWith("Expected");
    assertThat(entry.hasTopicId()).as("the name of its place has it").isTrue();
  }

  @Test
  void readsPageByPageWhatIsThere() {
    var positions = new ArrayList<Long>();
    String token = "";
    do {
      var page = read("nodes/1/salvage/00000002-2", token, 1).answer();
      page.getPiecesList().stream().map(SalvagePiece::getPosition).forEach(positions::add);
      assertThat(page.getBatches().size()).isEqualTo((int) page.getPieces(0).getSize());
      token = page.getNextPageToken();
    } while (!token.isEmpty());

    assertThat(positions).hasSize(2).startsWith(0L).doesNotHaveDuplicates();
  }

  @Test
  void knowsOnlyWhatIsItsOwn() {
    for (var name :
        List.of(
            "nodes/2/salvage/00000001-1",
            "nodes/1/salvage/00000001-9",
            "nodes/1/salvage/00000003-1",
            "nodes/1/salvage/../1",
            "whatever")) {
      assertThat(codeOf(read(name, "", 0))).as(name).isEqualTo(Status.Code.NOT_FOUND);
    }
    String mine = "nodes/1/salvage/00000001-1";
    assertThat(codeOf(read(mine, "no place", 0))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(codeOf(read(mine, "", -1))).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(codeOf(read(mine, "../../naru.meta:0", 0))).isEqualTo(Status.Code.NOT_FOUND);
  }

  @Test
  void aCallThatNobodyWaitsForAnyMoreKeepsNoPermit() throws InterruptedException {
    var held = new CountDownLatch(1);
    pool.execute(() -> await(held));
    pool.execute(() -> await(held));
    for (int i = 0; i < 3; i++) {
      within(20, () -> assertThat(codeOf(read("nodes/1/salvage/00000001-1", "", 0))).isNotNull());
      within(20, () -> service.listSalvage(LIST_ALL, new RecordedAnswer<>()));
    }

    held.countDown();

    assertThat(read("nodes/1/salvage/00000001-1", "", 0).answer().getPiecesCount()).isEqualTo(2);
    assertThat(list(7, "").getEntriesCount()).isEqualTo(6);
  }

  @Test
  void aDirectoryThatHangsHidesNothingOfTheOthers() {
    var held = new CountDownLatch(1);
    first.failWhen((operation, name) -> {
      await(held);
      return Optional.empty();
    });

    within(
        1_000,
        () -> {
          var page = list(7, "");
          assertThat(page.getEntriesList())
              .extracting(SalvageEntry::getName)
              .hasSize(3)
              .allMatch(name -> name.contains("00000002"));
          assertThat(page.getUnreadableDirectories(0).getReason()).contains("to answer within");
        });
    held.countDown();

    assertThat(list(7, "").getEntriesCount()).isEqualTo(6);
  }

  @Test
  void aDirectoryThatFailsIsNamedAndHidesNothing() {
    first.fail(Operation.OPEN, "manifest");
    unusable.put("/data/9", new Refused(ErrorCode.STORAGE_FAILED, "Expected a disk"));
    service = service();

    var page = list(2, "");
    var next = list(2, page.getNextPageToken());

    assertThat(page.getEntriesCount()).isEqualTo(2);
    assertThat(page.getUnreadableDirectoriesList())
        .extracting(each -> each.getLocation() + ": " + each.getReason())
        .hasSize(2)
        .contains("/data/9: Expected a disk")
        .last()
        .asString()
        .contains("Input/output error");
    assertThat(next.getEntriesCount()).isEqualTo(1);
    assertThat(next.getUnreadableDirectoriesCount()).as("told once").isZero();
  }

  @Test
  void holdsOnlySoManyAnswersThatNobodyTakes() {
    var kept = new ArrayList<RecordedAnswer<ReadSalvageResponse>>();
    for (int i = 0; i < 4; i++) {
      kept.add(read("nodes/1/salvage/00000001-1", "", 0));
    }
    assertThat(codeOf(read("nodes/1/salvage/00000001-1", "", 0)))
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);

    kept.get(0).close();
    kept.get(1).cancel();
    kept.get(1).close();

    assertThat(read("nodes/1/salvage/00000001-1", "", 0).answer()).isNotNull();
    assertThat(read("nodes/1/salvage/00000001-1", "", 0).answer()).isNotNull();
    assertThat(codeOf(read("nodes/1/salvage/00000001-1", "", 0)))
        .as("each gave back one")
        .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
  }

  /** Else four that take nothing would leave room for nobody, for as long as they like. */
  @Test
  void holdsNoAnswerForACallThatMayNeverEnd() {
    var request = ReadSalvageRequest.newBuilder().setName("nodes/1/salvage/00000001-1").build();
    var forEver = new RecordedAnswer<ReadSalvageResponse>();
    var forLong = new RecordedAnswer<ReadSalvageResponse>();

    service.readSalvage(request, forEver);
    within(TimeUnit.HOURS.toMillis(1), () -> service.readSalvage(request, forLong));

    assertThat(codeOf(forEver)).isEqualTo(Status.Code.INVALID_ARGUMENT);
    assertThat(codeOf(forLong)).isEqualTo(Status.Code.INVALID_ARGUMENT);
  }

  private SalvageAdminService service() {
    return new SalvageAdminService(
        SELF,
        () -> new ClusterSnapshot(ClusterImage.empty("cluster"), 1, NOBODY, 0),
        List.of(
            new SalvageDirectory("00000001", "/data/1", new SetAside(first)),
            new SalvageDirectory("00000002", "/data/2", new SetAside(second))),
        unusable,
        pool,
        BATCH_MAX,
        System::nanoTime);
  }

  private static CrashableDisk withTails() {
    var disk = LogFixture.formatted();
    try (var store = LogFixture.open(disk)) {
      for (int number = 0; number < 3; number++) {
        var log = store.create(LogFixture.partition(number), LogFixture.SMALL);
        LogFixture.append(log, 4, 1);
        LogFixture.append(log, 4, 1);
        LogFixture.append(log, 4, 1);
        log.truncateTo(4, "test");
      }
    }
    return disk;
  }

  private ListSalvageResponse list(int size, String token) {
    var answer = new RecordedAnswer<ListSalvageResponse>();
    service.listSalvage(
        ListSalvageRequest.newBuilder().setPageSize(size).setPageToken(token).build(), answer);
    return answer.answer();
  }

  private RecordedAnswer<ReadSalvageResponse> read(String name, String token, int bytesMax) {
    var answer = new RecordedAnswer<ReadSalvageResponse>();
    var request =
        ReadSalvageRequest.newBuilder()
            .setName(name)
            .setPageToken(token)
            .setMaxBytes(bytesMax)
            .build();
    within(60_000, () -> service.readSalvage(request, answer));
    return answer;
  }

  private static Status.Code codeOf(RecordedAnswer<?> answer) {
    return Status.fromThrowable(answer.failure()).getCode();
  }

  private void within(long millis, Runnable call) {
    var context = Context.current().withDeadlineAfter(millis, TimeUnit.MILLISECONDS, clock);
    try {
      context.run(call);
    } finally {
      context.cancel(null);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
