#!/usr/bin/env python3
"""Makes a context of very many small files, most of which are for nobody: usage make-ignored-tree.py DIRECTORY [FILES [FOLDERS]]

FILES (200,000) in FOLDERS (25,000) of node_modules, three levels deep, a keep.txt in every thousandth folder, and 2,000 files in
100 folders of src. All have fixed old times. The same arguments give the same tree.
"""
import os
import sys

target = sys.argv[1]
files = int(sys.argv[2]) if len(sys.argv) > 2 else 200000
folders = int(sys.argv[3]) if len(sys.argv) > 3 else 25000
OLD = 1500000000


def write(path, text):
    with open(path, "w") as file:
        file.write(text)
    os.utime(path, (OLD, OLD))


paths = []
for i in range(folders):
    package = "package-%05d" % (i // 3)
    paths.append(os.path.join(target, "node_modules", package, *[[], ["lib"], ["lib", "internal"]][i % 3]))
for path in paths:
    os.makedirs(path, exist_ok=True)
for i in range(files):
    write(os.path.join(paths[i % folders], "module-%02d.js" % (i // folders)), "// %d\n" % i)
for i in range(0, folders, 1000):
    write(os.path.join(paths[i], "keep.txt"), "keep %d\n" % i)
for i in range(2000):
    folder = os.path.join(target, "src", "part-%02d" % (i % 100))
    os.makedirs(folder, exist_ok=True)
    write(os.path.join(folder, "Class%02d.java" % (i // 100)), "class C%d {}\n" % i)
for path, _, _ in os.walk(target, topdown=False):
    os.utime(path, (OLD, OLD))
