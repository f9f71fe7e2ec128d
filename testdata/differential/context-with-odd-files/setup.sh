mkdir -m 0 closed
mkdir .hid
touch .hid/f closed/f none
chmod 0 none
