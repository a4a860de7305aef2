package dev.naru.cli.salvage;

import dev.naru.cli.Invocation;
import dev.naru.client.admin.Salvage;
import dev.naru.client.admin.SalvageEntry;
import dev.naru.client.admin.SalvagePage.Piece;
import java.util.Optional;
import java.util.function.Predicate;

/** All of an entry, of which a page at a time is in memory. */
@FunctionalInterface
public interface SalvagePages {

  /** Hands over piece by piece, until there is none or the reader has enough. */
  void forEach(Predicate<Piece> wantsMore);

  /** Read from the node that has it. */
  static SalvagePages of(Invocation invocation, Salvage salvage, SalvageEntry entry) {
    return wantsMore -> {
      var page = Optional.<String>empty();
      do {
        var read = invocation.await(salvage.read(entry, page));
        for (var piece : read.pieces()) {
          if (!wantsMore.test(piece)) {
            return;
          }
        }
        page = read.next();
      } while (page.isPresent());
    };
  }
}
