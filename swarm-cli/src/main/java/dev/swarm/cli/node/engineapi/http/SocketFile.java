package dev.swarm.cli.node.engineapi.http;

import java.io.IOException;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * File of a unix socket: a stale one is removed before it is bound, and strangers are kept out
 * after.
 */
public record SocketFile(Path path) {
  /** Of the address structure of Linux, without its final zero. */
  private static final int PATH_BYTES_MAX = 107;

  /**
   * Removes a socket that nobody listens on, as a killed daemon leaves it, and creates the
   * directory.
   *
   * @throws IOException in a sentence, if the path is too long, taken by a daemon or by another
   *     file
   */
  public void makeWay() throws IOException {
    int length = path.toString().getBytes(StandardCharsets.UTF_8).length;
    if (length > PATH_BYTES_MAX) {
      throw new IOException(
          "the socket's path " + path + " is longer than " + PATH_BYTES_MAX + " bytes");
    }
    Path directory = path.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (!isSocket()) {
      throw new IOException(
          path + " exists and is not a socket; remove it or choose another --host");
    }
    if (isAnswered()) {
      throw new IOException(
          "another daemon listens on " + path + "; stop it or choose another --host");
    }
    Files.delete(path);
  }

  /** Owner and group only: whoever may connect controls the swarm. */
  public void restrict() throws IOException {
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw----"));
  }

  private boolean isSocket() throws IOException {
    return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
        .isOther();
  }

  private boolean isAnswered() {
    try (SocketChannel probe = SocketChannel.open(UnixDomainSocketAddress.of(path))) {
      return probe.isConnected();
    } catch (IOException e) {
      return false;
    }
  }
}
