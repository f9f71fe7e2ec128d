mkdir tree
mkfifo -m 640 tree/pipe
