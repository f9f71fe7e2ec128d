mkdir tree
cd tree
python3 - <<'P'
import os
for name in [b"latin\xe9", b"\xff\xfe"]:
    with open(name, "wb") as file:
        file.write(name)
os.symlink(b"to\xff\nodd", b"link\xfe")
os.mkdir(b"dir\xe9")
open(b"dir\xe9/in\xe9", "w").close()
P
