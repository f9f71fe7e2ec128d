package io.jbuild.builder;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;

/** What an error of the world says to a person. */
public final class IoMessages {
  private static final String TOO_MANY = "too many open files";
  private static final String LIMIT = "Max open files";

  private IoMessages() {}

  /** The JDK's file exceptions carry a path and hide the reason in their class. */
  public static String of(IOException e) {
    String message = plain(e);
    return message.toLowerCase(Locale.ROOT).contains(TOO_MANY)
        ? message + ": " + openFilesLimit() + " (ulimit -n)"
        : message;
  }

  /** The file of the kernel that tells it may be one too many, too. */
  private static String openFilesLimit() {
    try {
      for (String line : Files.readAllLines(Path.of("/proc/self/limits"))) {
        if (line.startsWith(LIMIT)) {
          return "the limit is " + line.substring(LIMIT.length()).strip().split(" ", -1)[0];
        }
      }
    } catch (IOException e) {
      return "the limit is too low";
    }
    return "the limit is too low";
  }

  private static String plain(IOException e) {
    if (e instanceof NoSuchFileException || e instanceof FileNotFoundException) {
      return "no such file or directory: " + e.getMessage();
    }
    if (e instanceof FileAlreadyExistsException) {
      return "in the way, and not a directory: " + e.getMessage();
    }
    if (e instanceof AccessDeniedException) {
      return "permission denied: " + e.getMessage();
    }
    if (e instanceof FileSystemException file && file.getReason() == null) {
      return e.getClass().getSimpleName() + ": " + e.getMessage();
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
