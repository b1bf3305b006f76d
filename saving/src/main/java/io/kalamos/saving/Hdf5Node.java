package io.kalamos.saving;

/// What an HDF5 file consists of: groups that hold groups and datasets.
sealed interface Hdf5Node permits Hdf5Group, Hdf5Dataset {}
