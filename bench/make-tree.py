#!/usr/bin/env python3
"""Makes a tree like a node_modules directory: usage make-tree.py DIRECTORY [FILES [FOLDERS]]

20,000 files of 1 to 19 KB of text that gzip -6 shrinks about four times, 205 MB in all, in 2,500 folders of packages, with
old fixed times. The same arguments give the same bytes.
"""
import os
import random
import sys

target = sys.argv[1]
files = int(sys.argv[2]) if len(sys.argv) > 2 else 20000
folders = int(sys.argv[3]) if len(sys.argv) > 3 else 2500
chance = random.Random(17)
letters = "etaoinshrdlucmfwypvbgkjqxz"
words = ["".join(chance.choices(letters, weights=range(26, 0, -1), k=chance.randint(2, 9))) for _ in range(3000)]
marks = [" ", " ", " ", " ", ", ", "(", ") ", " = ", ";\n  ", ".", "\n"]
lines = ["".join(chance.choice(words) + chance.choice(marks) for _ in range(chance.randint(2, 9))) for _ in range(70)]
# Text of one pool, cut at a place of its own for each file: made in seconds and no two files alike.
pool = "".join(chance.choice(lines) if chance.random() < 0.97 else chance.choice(words) for _ in range(1 << 17)).encode()

paths = []
for i in range(folders):
    package = "package-%04d" % (i // 3)
    paths.append(os.path.join(target, package, *[[], ["lib"], ["lib", "internal"]][i % 3]))
for path in paths:
    os.makedirs(path, exist_ok=True)
for i in range(files):
    size = chance.randint(1024, 19 * 1024)
    start = chance.randrange(len(pool) - size)
    name = os.path.join(paths[i % folders], "module-%02d.js" % (i // folders))
    with open(name, "wb") as file:
        file.write(b"// %d\n" % i + pool[start : start + size])
    os.utime(name, (1500000000 + i, 1500000000 + i))
for path, folders_in, _ in os.walk(target, topdown=False):
    os.utime(path, (1500000000, 1500000000))
