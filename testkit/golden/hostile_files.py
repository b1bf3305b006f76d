"""files/hostile/: HDF5 files that lead out of themselves, or unfold to more than they hold. None must be read."""

import struct

import h5py
import numpy as np


def external_link(file):
    file["layers"] = h5py.ExternalLink("/etc/passwd", "/x")


def soft_link(file):
    file["there"] = np.float32([1, 2])
    file["layers"] = h5py.SoftLink("/there")


def external_array(file):
    file.create_dataset("weights", (4,), "f4", external=[("/etc/passwd", 0, 16)])


def virtual_array(file):
    layout = h5py.VirtualLayout((4,), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (4,))
    file.create_virtual_dataset("weights", layout)


def compressed_array(file):
    """2**40 bytes of which none is stored."""
    file.create_dataset("weights", (1 << 28, 1 << 10), "f4", chunks=(1 << 10, 1 << 10), compression="gzip")


def unwritten_array(file):
    """2**40 bytes that were never written."""
    file.create_dataset("weights", (1 << 28, 1 << 10), "f4")


def huge_axis(file):
    file.create_dataset("weights", (1 << 40,), "f4")


def second_name(file):
    file["a"] = np.float32([1, 2])
    file["b"] = file["a"]


def circle(file):
    group = file.create_group("a")
    group["b"] = group


def depth(file):
    file.create_group("/".join("a" * 70))


def other_order(file):
    file["weights"] = np.zeros(4, ">f4")


def texts(file):
    file["weights"] = np.bytes_(["a", "b"])


def pairs(file):
    file["weights"] = np.zeros(2, [("a", "f4"), ("b", "f4")])


def named_type(file):
    file["type"] = np.dtype("f4")


def dense_links(file):
    group = file.create_group("many", track_order=True)
    for i in range(20):
        group.create_group(str(i))


MAKERS = (external_link, soft_link, external_array, virtual_array, compressed_array, unwritten_array, huge_axis,
          second_name, circle, depth, other_order, texts, pairs, named_type, dense_links)


def forked_tree(good, path):
    """The root's tree with 12 levels above it, each of whose nodes has 32 children that are one and the same."""
    data = bytearray(good.read_bytes())
    at = struct.unpack_from("<Q", data, 24 + 32 + 8)[0] + 16
    while struct.unpack_from("<H", data, at)[0] != 0x11:
        at += 8 + struct.unpack_from("<H", data, at + 2)[0]
    leaf = struct.unpack_from("<Q", data, at + 8)[0]
    first, size = len(data), 24 + 65 * 8
    for level in range(12, 0, -1):
        below = len(data) + size if level > 1 else leaf
        data += struct.pack("<4sBBHQQ", b"TREE", 0, level, 32, 2**64 - 1, 2**64 - 1)
        data += struct.pack("<QQ", 0, below) * 32 + struct.pack("<Q", 0)
    data += bytes(4096)  # some readers take a node at its full size
    struct.pack_into("<Q", data, at + 8, first)
    struct.pack_into("<Q", data, 40, len(data))
    path.write_bytes(data)


def write(out):
    folder = out / "files/hostile"
    folder.mkdir(parents=True, exist_ok=True)
    for make in MAKERS:
        with h5py.File(folder / (make.__name__.replace("_", "-") + ".h5"), "w") as file:
            make(file)
    good = folder / "good.h5"
    with h5py.File(good, "w") as file:
        file["weights"] = np.float32([1, 2])
    forked_tree(good, folder / "forked-tree.h5")
    good.unlink()
