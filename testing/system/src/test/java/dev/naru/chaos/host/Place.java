package dev.naru.chaos.host;

/** An end of a link: a node, or the clients, all of whom are in one place. */
public record Place(int number) implements Comparable<Place> {

  /** Where all clients are. */
  public static final Place CLIENTS = new Place(0);

  /** Node ids start at 1. */
  public static Place node(int id) {
    return new Place(id);
  }

  @Override
  public int compareTo(Place other) {
    return Integer.compare(number, other.number);
  }

  @Override
  public String toString() {
    return number == 0 ? "clients" : "node " + number;
  }

  /** A direction: what one end sends to the other. */
  public record Link(Place from, Place to) implements Comparable<Link> {

    /** The other direction. */
    public Link reversed() {
      return new Link(to, from);
    }

    @Override
    public int compareTo(Link other) {
      int byFrom = from.compareTo(other.from);
      return byFrom != 0 ? byFrom : to.compareTo(other.to);
    }

    @Override
    public String toString() {
      return from + " to " + to;
    }
  }
}
