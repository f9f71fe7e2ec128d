package io.jbuild.layers.tar;

/**
 * What an entry describes; the sparse and contiguous types of other writers are read as {@link
 * #REGULAR}.
 */
public enum TarType {
  REGULAR('0'),
  HARD_LINK('1'),
  SYMLINK('2'),
  CHARACTER_DEVICE('3'),
  BLOCK_DEVICE('4'),
  DIRECTORY('5'),
  FIFO('6');

  private final char flag;

  TarType(char flag) {
    this.flag = flag;
  }

  byte flag() {
    return (byte) flag;
  }

  public boolean isDevice() {
    return this == CHARACTER_DEVICE || this == BLOCK_DEVICE;
  }

  public boolean isLink() {
    return this == HARD_LINK || this == SYMLINK;
  }
}
