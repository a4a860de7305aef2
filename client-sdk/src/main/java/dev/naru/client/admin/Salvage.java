package dev.naru.client.admin;

import dev.naru.client.NaruException;
import dev.naru.client.transport.NodeCalls;
import dev.naru.proto.admin.v1.ListSalvageRequest;
import dev.naru.proto.admin.v1.ListSalvageResponse;
import dev.naru.proto.admin.v1.ReadSalvageRequest;
import dev.naru.types.ErrorCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;

/**
 * Looks at what nodes have set aside: tails that were cut off, damaged segments, logs of deleted
 * topics. A node knows only its own, so every node is asked. Changes nothing. Any thread may call
 * it; futures are as {@link Admin}'s.
 */
public final class Salvage {

  private static final int PAGE_SIZE = 1000; // the most that a node returns
  private static final int PAGES_MAX = 1000; // a node with a million entries has another problem

  private final Admin admin;
  private final NodeCalls calls;

  Salvage(Admin admin, NodeCalls calls) {
    this.admin = admin;
    this.calls = calls;
  }

  /**
   * What all registered nodes have set aside. One that does not answer in three quarters of {@code
   * request.timeout.ms} is named with the reason, and fails nothing; so is one that has more than a
   * million entries. What such a node told before is listed all the same.
   */
  public CompletableFuture<SalvageListing> list() {
    long until = calls.shareOfTimeout();
    return admin.answer(
        admin.listNodes().thenCompose(nodes -> ask(nodes, until)), Function.identity());
  }

  /** What this node has set aside; {@code NODE_NOT_FOUND} if there is none of that id. */
  public CompletableFuture<SalvageListing> list(int node) {
    long until = calls.shareOfTimeout();
    return admin.answer(
        admin
            .listNodes()
            .thenCompose(nodes -> {
              var asked = nodes.stream().filter(each -> each.id() == node).toList();
              return asked.isEmpty()
                  ? CompletableFuture.failedFuture(noNode(node))
                  : ask(asked, until);
            }),
        Function.identity());
  }

  private static NaruException noNode(int node) {
    return new NaruException(
        ErrorCode.NODE_NOT_FOUND, "Expected a registered node, but there is none of id " + node);
  }

  /** All at once: one that is dead costs its time only once. */
  private CompletableFuture<SalvageListing> ask(List<NodeDescription> nodes, long untilNanos) {
    var answers = nodes.stream().map(node -> new Asking(node, untilNanos).run()).toList();
    return CompletableFuture.allOf(answers.toArray(CompletableFuture[]::new))
        .thenApply(all ->
            answers.stream()
                .map(CompletableFuture::join)
                .reduce(SalvageListing.empty(), SalvageListing::with));
  }

  /** All pages of one node. Its callbacks come one after the other. */
  private final class Asking {

    private final NodeDescription node;
    private final long untilNanos;
    private final List<SalvageEntry> entries = new ArrayList<>();
    private final List<SalvageListing.Unreadable> unreadable = new ArrayList<>();

    Asking(NodeDescription node, long untilNanos) {
      this.node = node;
      this.untilNanos = untilNanos;
    }

    CompletableFuture<SalvageListing> run() {
      return pagesFrom("", 1)
          .thenApply(all -> new SalvageListing(entries, new TreeMap<>(), unreadable))
          .exceptionally(failure -> {
            var unheard = new TreeMap<Integer, NaruException>();
            unheard.put(node.id(), reason(failure));
            return new SalvageListing(
                entries, unheard, unreadable); // what it told before it failed
          });
    }

    private CompletableFuture<Void> pagesFrom(String page, int number) {
      if (number > PAGES_MAX) {
        return CompletableFuture.failedFuture(
            new NaruException(
                ErrorCode.LIMIT_EXCEEDED,
                "Expected at most "
                    + PAGES_MAX * PAGE_SIZE
                    + " entries of a node, but there are more"));
      }
      var request =
          ListSalvageRequest.newBuilder().setPageSize(PAGE_SIZE).setPageToken(page).build();
      return calls
          .listSalvage(node.clientAddress(), request, untilNanos)
          .thenCompose(answer -> {
            take(answer);
            return answer.getNextPageToken().isEmpty()
                ? CompletableFuture.completedFuture(null)
                : pagesFrom(answer.getNextPageToken(), number + 1);
          });
    }

    private void take(ListSalvageResponse answer) {
      answer.getEntriesList().forEach(entry -> entries.add(SalvageDescriptions.entry(node, entry)));
      answer
          .getUnreadableDirectoriesList()
          .forEach(each ->
              unreadable.add(
                  new SalvageListing.Unreadable(node.id(), each.getLocation(), each.getReason())));
    }
  }

  /** Why a node could not be asked; any other fault goes on. */
  static NaruException reason(Throwable failure) {
    var cause = failure instanceof CompletionException ? failure.getCause() : failure;
    if (cause instanceof NaruException told) {
      return told;
    }
    throw new CompletionException(cause);
  }

  /**
   * Reads some batches of an entry: a mebibyte or so, or one batch if that is larger. Fails with
   * {@code SALVAGE_NOT_FOUND} once it has expired.
   *
   * @param page what the page before said is next; empty for the beginning
   */
  public CompletableFuture<SalvagePage> read(SalvageEntry entry, Optional<String> page) {
    var request =
        ReadSalvageRequest.newBuilder().setName(entry.name()).setPageToken(page.orElse("")).build();
    return admin.answer(calls.readSalvage(entry.nodeAddress(), request), SalvageDescriptions::page);
  }
}
