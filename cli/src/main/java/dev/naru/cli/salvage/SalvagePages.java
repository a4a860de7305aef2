package dev.naru.cli.salvage;

import dev.naru.cli.CommandFailure;
import dev.naru.cli.Invocation;
import dev.naru.client.admin.Salvage;
import dev.naru.client.admin.SalvageEntry;
import dev.naru.client.admin.SalvagePage;
import dev.naru.client.admin.SalvagePage.Piece;
import dev.naru.types.ErrorCode;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;

/** All of an entry, of which a page at a time is in memory. */
@FunctionalInterface
public interface SalvagePages {

  /** Hands over piece by piece, until there is none or the reader has enough. */
  void forEach(Predicate<Piece> wantsMore);

  /** Read from the node that has it. Fails at the end if that was less than what there was. */
  static SalvagePages of(Invocation invocation, Salvage salvage, SalvageEntry entry) {
    return of(entry, page -> invocation.await(salvage.read(entry, page)));
  }

  /** The same, with pages read by this. */
  static SalvagePages of(SalvageEntry entry, Function<Optional<String>, SalvagePage> read) {
    return wantsMore -> {
      long bytes = 0;
      var next = Optional.<String>empty();
      do {
        var page = read.apply(next);
        for (var piece : page.pieces()) {
          bytes += piece.size();
          if (!wantsMore.test(piece)) {
            return;
          }
        }
        next = page.next();
      } while (next.isPresent());
      requireAll(entry, bytes);
    };
  }

  /** An entry that expires goes file by file: what is missing then looks like an end. */
  private static void requireAll(SalvageEntry entry, long bytes) {
    if (bytes < entry.bytes()) {
      throw CommandFailure.of(
          ErrorCode.SALVAGE_NOT_FOUND,
          "Expected %d bytes of %s, but %d were read: it is being deleted"
              .formatted(entry.bytes(), entry.id(), bytes));
    }
  }
}
