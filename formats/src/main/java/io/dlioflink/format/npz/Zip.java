/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.npz;

/**
 * Numbers of the ZIP format.
 *
 * <p>Source: PKWARE APPNOTE.TXT 6.3.10; the section is given with each.
 */
final class Zip {
  /** 4.3.7. */
  static final int LOCAL_HEADER = 0x04034b50;

  /** 4.3.9. */
  static final int DATA_DESCRIPTOR = 0x08074b50;

  /** 4.3.12. */
  static final int CENTRAL_HEADER = 0x02014b50;

  /** 4.3.14. */
  static final int ZIP64_END = 0x06064b50;

  /** 4.3.15. */
  static final int ZIP64_LOCATOR = 0x07064b50;

  /** 4.3.16. */
  static final int END = 0x06054b50;

  static final int LOCAL_HEADER_BYTES = 30;
  static final int CENTRAL_HEADER_BYTES = 46;
  static final int ZIP64_END_BYTES = 56;
  static final int ZIP64_LOCATOR_BYTES = 20;
  static final int END_BYTES = 22;

  /** 4.4.4, bit 0: encrypted. Bit 6: strongly. Bit 13: the headers too. */
  static final int FLAGS_ENCRYPTED = 1 | 1 << 6 | 1 << 13;

  /** 4.4.4, bit 3: CRC and sizes stand behind the data. */
  static final int FLAG_DESCRIPTOR = 1 << 3;

  /** 4.4.5. */
  static final int STORED = 0;

  /** 4.4.5. */
  static final int DEFLATED = 8;

  /** 4.5.3: header id of the zip64 extra field. */
  static final int ZIP64_EXTRA = 1;

  /** 4.4.8, 4.4.9: the size stands in the zip64 extra field. */
  static final long IN_ZIP64_EXTRA = 0xffffffffL;

  private Zip() {}
}
