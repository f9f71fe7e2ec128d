mkdir tree
cd tree
python3 - <<'P'
import os
n = "n" * 255
open(n, "w").close()
d = "d" * 120 + "/" + "e" * 120 + "/" + "f" * 120
os.makedirs(d)
open(d + "/" + "g" * 100, "w").write("deep")
os.link(d + "/" + "g" * 100, "hard")
os.symlink("t" * 300, "link")
open("h" * 99, "w").close()
open("h" * 100, "w").close()
open("h" * 101, "w").close()
open("\u00fc" * 60, "w").close()
P
