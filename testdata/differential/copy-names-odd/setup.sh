mkdir tree
cd tree
python3 - <<'P'
import os
for name in ["new\nline", "tab\t", "\u00fc\u4e16\U0001f600", "-dash", "trail ", " lead", "quo'\"te", "back\\slash", "\x01ctl", "~", "$HOME", "#hash", "a=b", "%41", "...", "e\u0301"]:
    with open(name, "w") as file:
        file.write(name)
os.symlink("to\nodd", "link")
P
