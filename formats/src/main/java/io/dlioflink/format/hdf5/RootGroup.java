/* SPDX-License-Identifier: Apache-2.0 */
package io.dlioflink.format.hdf5;

import io.dlioflink.format.hdf5.ObjectHeaderReader.RawMessage;
import io.jhdf.FractalHeap;
import io.jhdf.GroupSymbolTableNode;
import io.jhdf.LocalHeap;
import io.jhdf.SymbolTableEntry;
import io.jhdf.Utils;
import io.jhdf.btree.BTreeV1;
import io.jhdf.btree.BTreeV2;
import io.jhdf.btree.record.LinkNameForIndexedGroupRecord;
import io.jhdf.object.message.LinkMessage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;

/** The names in the root group, of all three kinds of groups there are. */
final class RootGroup {
  private static final long UNDEFINED = -1;
  private static final int SOFT_LINK = 2;

  private final MetadataInput input;

  /** Addresses of object headers by name; undefined for links that are not hard. */
  private final Map<String, Long> addresses = new LinkedHashMap<>();

  private final long address;

  RootGroup(MetadataInput input, long address) throws IOException {
    this.input = input;
    this.address = address;
    ObjectHeaderReader header = new ObjectHeaderReader(input, address);
    if (!header.all(Messages.SYMBOL_TABLE).isEmpty()) {
      readSymbolTable(header.require(Messages.SYMBOL_TABLE, "symbol table"));
    } else {
      readLinks(header);
    }
  }

  boolean contains(String name) {
    return addresses.containsKey(name);
  }

  /** The address of the object header of a name. */
  long require(String name) throws IOException {
    Long found = addresses.get(name);
    if (found == null) {
      throw input.broken(
          address,
          "no dataset %s; found %s"
              .formatted(name, addresses.keySet().stream().limit(20).toList()));
    }
    if (found == UNDEFINED) {
      throw input.unsupported(address, "%s is a soft or external link".formatted(name));
    }
    return found;
  }

  private void readSymbolTable(ByteBuffer message) {
    long tree = Numbers.unsigned(message, input.getSizeOfOffsets());
    long heap = Numbers.unsigned(message, input.getSizeOfOffsets());
    ByteBuffer names = new LocalHeap(input, heap).getDataBuffer();
    for (long node : BTreeV1.createGroupBTree(input, tree).getChildAddresses()) {
      for (SymbolTableEntry entry : new GroupSymbolTableNode(input, node).getSymbolTableEntries()) {
        String name = Utils.readUntilNull(names.position(entry.getLinkNameOffset()));
        addresses.put(
            name, entry.getCacheType() == SOFT_LINK ? UNDEFINED : entry.getObjectHeaderAddress());
      }
    }
  }

  private void readLinks(ObjectHeaderReader header) throws IOException {
    ByteBuffer info = header.require(Messages.LINK_INFO, "link info message").position(1);
    boolean ordered = (info.get() & 1) != 0;
    info.position(info.position() + (ordered ? Long.BYTES : 0));
    long heapAddress = Numbers.unsigned(info, input.getSizeOfOffsets());
    long treeAddress = Numbers.unsigned(info, input.getSizeOfOffsets());
    if (treeAddress == UNDEFINED) {
      for (RawMessage message : header.all(Messages.LINK)) {
        add(LinkMessage.fromBuffer(message.body(), input.getSuperblock()));
      }
      return;
    }
    ChunkIndexes.requireSmallTree(input, treeAddress);
    FractalHeap heap = new FractalHeap(input, heapAddress);
    BTreeV2<LinkNameForIndexedGroupRecord> tree = new BTreeV2<>(input, treeAddress);
    for (LinkNameForIndexedGroupRecord record : tree.getRecords()) {
      add(LinkMessage.fromBuffer(heap.getId(record.getId()), input.getSuperblock()));
    }
  }

  private void add(LinkMessage link) {
    boolean hard = link.getLinkType() == LinkMessage.LinkType.HARD;
    addresses.put(link.getLinkName(), hard ? link.getHardLinkAddress() : UNDEFINED);
  }
}
